using System;
using System.Collections.Generic;

namespace PsIpc.Host.Output;

/// <summary>A column of a table.</summary>
/// <param name="Label">What stands above it.</param>
/// <param name="Width">Its width; 0 for what is left over.</param>
/// <param name="IsRight">Whether its values stand at its right side.</param>
internal sealed record TableColumn(string Label, int Width, bool IsRight);

/// <summary>How objects of a type are shown as a table: one of the module's own views, compiled into <see cref="TableCatalog"/>.</summary>
/// <param name="Columns">The columns.</param>
/// <param name="Read">What an object has for a column.</param>
internal sealed record TableView(IReadOnlyList<TableColumn> Columns, Func<object, int, object?> Read)
{
    /// <summary>The table of a type, or of the nearest that it derives from; null when there is none.</summary>
    internal static TableView? Of(Type type)
    {
        for (Type? one = type; one is not null; one = one.BaseType)
        {
            if (one.FullName is { } name && TableCatalog.Find(name) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}
