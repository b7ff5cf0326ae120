using System;
using System.Collections.Generic;
using PsIpc.Native;
using PsIpc.Runtime.Kinds;

namespace PsIpc.Runtime.Watching;

/// <summary>What is to be watched, and whom to tell of what is no event.</summary>
internal sealed class WatchRequest
{
    /// <summary>The kinds.</summary>
    internal required IReadOnlyList<KindOperations> Kinds { get; init; }

    /// <summary>Directories and files under which FIFOs and sockets are watched; null for what is no file system's.</summary>
    internal IReadOnlyList<string>? Roots { get; init; }

    /// <summary>Whether what is there already is told of first.</summary>
    internal bool IncludesExisting { get; init; }

    /// <summary>How long to wait between two looks at what the kernel tells nobody of; null to go by what happens.</summary>
    internal TimeSpan? PollingInterval { get; init; }

    /// <summary>Asked now and then while there is much to list.</summary>
    internal required Func<bool> IsStopped { get; init; }

    /// <summary>Told of what cannot be watched, and of what that is called.</summary>
    internal required Action<IpcException, object, string> Failed { get; init; }

    /// <summary>Told of a directory that was to be watched and is gone.</summary>
    internal required Action<string> RootGone { get; init; }

    /// <summary>Told when more happened than the kernel keeps.</summary>
    internal required Action Overflowed { get; init; }

    /// <summary>Told of decisions.</summary>
    internal required Action<string> Verbose { get; init; }
}
