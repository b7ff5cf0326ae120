using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace PsIpc.Bench;

internal sealed partial class Sections
{
    /// <summary>Several peers that do the same, in turn.</summary>
    private sealed class Race(Sections owner, string section, string unit, double divisor) : IDisposable
    {
        /// <summary>PowerShell compiles in steps, the last of them after a second and more of being busy.</summary>
        internal static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);
        private readonly List<(string Name, Peer? Peer, string Reason)> _entrants = [];
        private readonly Dictionary<string, List<double>> _values = [];
        private readonly Dictionary<string, (string Other, double? Goal)> _comparisons = [];

        internal void Enter(string name, Func<Peer?> start, string reasonIfMissing)
        {
            Peer? peer = start();
            if (peer is not null)
            {
                peer.Name = name;
                _values[name] = [];
            }

            _entrants.Add((name, peer, reasonIfMissing));
        }

        internal void Prepare(string name, Action<Peer> action)
        {
            foreach ((string entrant, Peer? peer, _) in _entrants)
            {
                if (entrant == name && peer is not null)
                {
                    action(peer);
                }
            }
        }

        internal void Run(Func<Peer, double> turn)
        {
            foreach ((_, Peer? peer, _) in _entrants)
            {
                for (long start = Stopwatch.GetTimestamp(); peer is not null && Stopwatch.GetElapsedTime(start) < WarmUp;)
                {
                    turn(peer);
                }
            }

            for (int round = 0; round < owner._rounds; round++)
            {
                foreach ((string name, Peer? peer, _) in _entrants)
                {
                    if (peer is not null)
                    {
                        _values[name].Add(turn(peer) / divisor);
                    }
                }
            }
        }

        internal void Compare(string name, string with, double? goal = null) => _comparisons[name] = (with, goal);

        internal void Report()
        {
            foreach ((string name, Peer? peer, string reason) in _entrants)
            {
                if (peer is null)
                {
                    owner._rows.Add(Row.Missing(section, name, reason));
                    continue;
                }

                Row row = Row.Of(section, name, unit, _values[name]);
                owner._rows.Add(_comparisons.TryGetValue(name, out (string Other, double? Goal) comparison)
                    && _values.TryGetValue(comparison.Other, out List<double>? others)
                    ? row.ComparedWith(comparison.Other, _values[name], others, comparison.Goal)
                    : row);
            }
        }

        public void Dispose()
        {
            foreach ((_, Peer? peer, _) in _entrants)
            {
                peer?.Dispose();
            }
        }
    }
}
