using System;
using System.Collections.Generic;
using System.Linq;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using System.Threading;

namespace PsIpc.Runtime;

/// <summary>
/// What a runspace holds beyond a single command: listeners, and locks of files. Rooted here, so that no collection takes it away, until it
/// is released, the module is removed, or the runspace ends.
/// </summary>
internal static class RunspaceResources
{
    private static readonly ConditionalWeakTable<Runspace, Holdings> Table = [];

    /// <summary>Keeps something for the current runspace.</summary>
    internal static void Keep(IDisposable resource) => Table.GetValue(Runspace.DefaultRunspace, Holdings.For).Add(resource);

    /// <summary>What the current runspace has of a type.</summary>
    internal static IReadOnlyList<T> OfCurrent<T>()
        where T : IDisposable =>
        Runspace.DefaultRunspace is { } runspace && Table.TryGetValue(runspace, out Holdings? holdings) ? holdings.Of<T>() : [];

    /// <summary>What all runspaces of the process have of a type.</summary>
    internal static IEnumerable<T> OfAll<T>()
        where T : IDisposable
    {
        foreach (KeyValuePair<Runspace, Holdings> entry in Table)
        {
            foreach (T resource in entry.Value.Of<T>())
            {
                yield return resource;
            }
        }
    }

    /// <summary>Lets something go, whichever runspace has it.</summary>
    internal static void Release(IDisposable resource)
    {
        foreach (KeyValuePair<Runspace, Holdings> entry in Table)
        {
            entry.Value.Remove(resource);
        }

        resource.Dispose();
    }

    /// <summary>Lets go all that the current runspace has.</summary>
    internal static void ReleaseAll()
    {
        if (Runspace.DefaultRunspace is { } runspace && Table.TryGetValue(runspace, out Holdings? holdings))
        {
            holdings.Clear();
        }
    }

    private sealed class Holdings
    {
        private readonly Lock _gate = new();
        private readonly List<IDisposable> _resources = [];

        internal static Holdings For(Runspace runspace)
        {
            Holdings holdings = new();

            // Closing a runspace never calls the module's OnRemove.
            runspace.StateChanged += (_, change) =>
            {
                if (change.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken)
                {
                    holdings.Clear();
                }
            };
            return holdings;
        }

        internal void Add(IDisposable resource)
        {
            lock (_gate)
            {
                _resources.Add(resource);
            }
        }

        internal IReadOnlyList<T> Of<T>()
        {
            lock (_gate)
            {
                return [.. _resources.OfType<T>()];
            }
        }

        internal void Remove(IDisposable resource)
        {
            lock (_gate)
            {
                _resources.Remove(resource);
            }
        }

        internal void Clear()
        {
            IDisposable[] resources;
            lock (_gate)
            {
                resources = [.. _resources];
                _resources.Clear();
            }

            foreach (IDisposable resource in resources)
            {
                resource.Dispose();
            }
        }
    }
}
