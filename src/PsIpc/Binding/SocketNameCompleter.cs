using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace PsIpc.Binding;

/// <summary>Offers the names of the sockets that can be connected or sent to.</summary>
public sealed class SocketNameCompleter : IpcCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(IDictionary boundParameters) =>
        Live(IpcKind.UnixSocket).Cast<UnixSocket>()
            .Where(socket => socket.State == "Listening" || (socket.SocketType == "Datagram" && (socket.Path is not null || socket.IsAbstract)))
            .DistinctBy(socket => socket.Name).Select(socket => (socket.Name, ToolTipOf(socket)));
}
