using System;
using System.Collections.Generic;
using PsIpc.Native.Waiting;

namespace PsIpc.Native.Inventory;

/// <summary>A table of the kernel that is read once for all who look at it at the same time.</summary>
/// <typeparam name="T">A line of it.</typeparam>
/// <param name="read">Reads it.</param>
public sealed class SharedTable<T>(Func<IReadOnlyList<T>> read)
{
    private long _look = -1;
    private IReadOnlyList<T> _lines = [];

    internal IReadOnlyList<T> At(long look)
    {
        if (look != _look)
        {
            (_lines, _look) = (read(), look);
        }

        return _lines;
    }
}

/// <summary>
/// Waits until a table of the kernel has no line of a kind any more: /proc/locks, the Unix sockets. Nothing tells of that. A lock could be waited for
/// by taking it, which others would notice.
/// </summary>
/// <typeparam name="T">A line of the table.</typeparam>
/// <param name="table">The table.</param>
/// <param name="isMeant">Whether a line is of that kind.</param>
public sealed class TableReadiness<T>(SharedTable<T> table, Predicate<T> isMeant) : ReadinessSource
{
    /// <inheritdoc/>
    public override ReadinessMeans Means => ReadinessMeans.Look;

    /// <inheritdoc/>
    public override bool IsReady(DescriptorEvents found, long look)
    {
        foreach (T line in table.At(look))
        {
            if (isMeant(line))
            {
                return false;
            }
        }

        return true;
    }
}
