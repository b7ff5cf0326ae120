using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using PsIpc.Native.Inventory;

namespace PsIpc.Binding;

/// <summary>Offers the names of the sockets that can be connected or sent to, and, for what is typed of a relative path, those of its directory.</summary>
public sealed class SocketNameCompleter : PathCompleter
{
    private UnixSocket[] _sockets = [];

    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string ToolTip)> Candidates(string word, IDictionary boundParameters)
    {
        _sockets = [.. Live(IpcKind.UnixSocket).Cast<UnixSocket>()
            .Where(socket => socket.State == "Listening" || (socket.SocketType == "Datagram" && (socket.Path is not null || socket.IsAbstract)))
            .Where(socket => !socket.HoldsNul) // it is shown with an @ in its place, which is another name
            .DistinctBy(socket => socket.Name)];
        IEnumerable<(string, string)> named = _sockets.Select(socket => (socket.Name, ToolTipOf(socket)));
        return word is "" or ['@' or '/', ..] ? named : named.Concat(base.Candidates(word, boundParameters));
    }

    /// <inheritdoc/>
    private protected override string? What(string path)
    {
        using FileObject? file = FileObject.TryOpen(path);
        string full = Path.GetFullPath(path);
        return file?.Type == FileObjectType.Socket && _sockets.Any(socket => socket.Path == full) ? "socket" : null;
    }
}
