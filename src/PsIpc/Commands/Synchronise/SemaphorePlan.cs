using System;
using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native.SysV;

namespace PsIpc.Commands;

/// <summary>The operations that a set of parameters asks for.</summary>
/// <param name="Operations">What is done, all at once.</param>
/// <param name="NeedsSet">The parameter that only a System V set can do; null when a POSIX semaphore can do it all.</param>
internal sealed record SemaphorePlan(SemaphoreOperation[] Operations, string? NeedsSet)
{
    /// <summary>To take from, or give to, one or several semaphores.</summary>
    /// <param name="index">Which; null for the first.</param>
    /// <param name="count">How much: one number for all, or one for each; null for 1.</param>
    /// <param name="sign">-1 to take, 1 to give.</param>
    /// <param name="undo">Whether the kernel takes it back when the process ends.</param>
    /// <exception cref="SemaphoreRefusedException">There are not as many counts as indexes.</exception>
    internal static SemaphorePlan Of(int[]? index, int[]? count, int sign, bool undo)
    {
        int[] indexes = index ?? [0];
        int[] counts = count ?? [1];
        if (counts.Length != 1 && counts.Length != indexes.Length)
        {
            throw new SemaphoreRefusedException(Failure.Of(
                "SemaphoreCountsDiffer", ErrorCategory.InvalidArgument, null, ("count", counts.Length), ("indexes", indexes.Length)));
        }

        SemaphoreOperation[] operations = new SemaphoreOperation[indexes.Length];
        for (int i = 0; i < operations.Length; i++)
        {
            operations[i] = new((ushort)indexes[i], (short)(sign * counts[counts.Length == 1 ? 0 : i]), undo);
        }

        bool isPlain = indexes is [0];
        string? needsSet = undo ? "Undo"
            : !isPlain ? "Index"
            : sign < 0 && counts[0] != 1 ? "Count" // sem_wait takes one
            : null;
        return new(operations, needsSet);
    }

    /// <summary>Any operations.</summary>
    /// <param name="operations">As they were typed.</param>
    /// <param name="undo">Whether the kernel takes them back when the process ends.</param>
    internal static SemaphorePlan Of(SemaphoreStep[] operations, bool undo) =>
        new(Array.ConvertAll(operations, step => new SemaphoreOperation((ushort)step.Index, (short)step.Change, undo)), "Operation");
}
