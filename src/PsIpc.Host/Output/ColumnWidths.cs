using System;
using System.Collections.Generic;

namespace PsIpc.Host.Output;

/// <summary>
/// PowerShell's rule for the widths of columns: those without a width share what is left; when nothing is left, columns
/// are cut and dropped from the right.
/// </summary>
internal static class ColumnWidths
{
    private const int Minimum = 4;
    private const int Separator = 1;

    /// <summary>The widths for a table; -1 for a column that is dropped.</summary>
    internal static int[] Calculate(IReadOnlyList<TableColumn> columns, int total)
    {
        int[] widths = new int[columns.Count];
        bool[] isFixed = new bool[columns.Count];
        bool shares = false;
        for (int i = 0; i < widths.Length; i++)
        {
            isFixed[i] = columns[i].Width > 0;
            widths[i] = isFixed[i] ? columns[i].Width : Minimum;
            shares |= !isFixed[i];
        }

        int left = total - Used(widths);
        while (shares && left > 0)
        {
            for (int i = 0; i < widths.Length && left > 0; i++)
            {
                if (!isFixed[i])
                {
                    widths[i]++;
                    left--;
                }
            }
        }

        for (int last = widths.Length - 1; last >= 0 && Used(widths) > total; last--)
        {
            int width = widths[last] - (Used(widths) - total);
            widths[last] = width < Minimum ? -1 : width;
        }

        return widths;
    }

    private static int Used(int[] widths)
    {
        int sum = 0, visible = 0;
        foreach (int width in widths)
        {
            sum += Math.Max(width, 0);
            visible += width > 0 ? 1 : 0;
        }

        return sum + (Separator * (visible - 1));
    }
}
