using System;
using System.Text;
using System.Threading;
using PsIpc.Host.Output;
using PsIpc.Native;
using PsIpc.Native.Inventory;

namespace PsIpc.Host;

/// <summary>
/// Has a second processor do early what nearly every cmdlet needs late, while the first reads and binds the line. Nearly all of psipc's own
/// start-up time is the runtime's: it loads types and looks up methods when they are first used, which does not depend on the
/// line, and which two threads can do at once.
/// </summary>
internal static class WarmUp
{
    private const int AnyWidth = 80;

    /// <summary>Begins, on a thread of its own. It changes nothing but how soon things are ready.</summary>
    /// <param name="forTables">Whether tables will be written.</param>
    internal static void Begin(bool forTables)
    {
        if (Environment.ProcessorCount == 1)
        {
            return; // it would only take turns with the first
        }

        try
        {
            new Thread(() => Run(forTables)) { IsBackground = true, Name = "psipc warm-up" }.UnsafeStart();
        }
        catch (OutOfMemoryException)
        {
            // No further thread may be made (RLIMIT_NPROC): then everything is done when it is needed.
        }
    }

    private static void Run(bool forTables)
    {
        try
        {
            _ = HostIdentity.BootId;
            _ = HostIdentity.IpcNamespace;
            if (forTables)
            {
                FormatRow(new SysVMessageQueue());
            }
        }
        catch (IpcException)
        {
            // Whoever needs it meets the same, and says so.
        }
    }

    /// <summary>What a row takes; where it would be written does not matter.</summary>
    private static void FormatRow(SysVMessageQueue nothing)
    {
        if (TableView.Of(nothing.GetType()) is not { } table)
        {
            return;
        }

        int[] widths = ColumnWidths.Calculate(table.Columns, AnyWidth);
        StringBuilder line = new();
        for (int i = 0; i < widths.Length; i++)
        {
            DisplayText.AppendField(line, DisplayText.Of(table.Read(nothing, i)), widths[i], table.Columns[i].IsRight, isLast: false);
        }
    }
}
