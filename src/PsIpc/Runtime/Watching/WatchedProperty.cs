using System;

namespace PsIpc.Runtime.Watching;

/// <summary>A property whose change Watch-IpcObject tells of.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">What it is now: a text or number that can be compared and shown.</param>
internal readonly record struct WatchedProperty(string Name, Func<IpcObject, object?> Value)
{
    /// <summary>What every object has that has an owner.</summary>
    internal static WatchedProperty[] Ownership =>
        [new("Owner", one => one.Owner), new("Group", one => one.Group), new("Mode", one => one.Mode)];
}
