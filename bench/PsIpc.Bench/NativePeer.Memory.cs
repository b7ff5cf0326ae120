using System;
using PsIpc.Native.Memory;

namespace PsIpc.Bench;

/// <summary>The same loops over shared memory.</summary>
internal static partial class NativePeer
{
    private const int Mebibyte = 1 << 20;
    private static readonly byte[] Piece = new byte[256 << 10];

    private static long[] Memory(string[] words) => words switch
    {
        ["memory-in", var file, _, var count] => [Time(() => CopyObject(file, Number(count), write: true))],
        ["memory-out", var file, _, var count] => [Time(() => CopyObject(file, Number(count), write: false))],
        ["memory-view-in", var file, _, var count] => CopyView(file, Number(count), write: true),
        ["memory-view-out", var file, _, var count] => CopyView(file, Number(count), write: false),
        ["memory-add", var file, _, var count] => [Time(() => AddOne(file, Number(count)))],
        _ => Waits(words),
    };

    private static void Copy(IMemory memory, int mebibytes, bool write)
    {
        for (long offset = 0; offset < (long)mebibytes * Mebibyte; offset += Piece.Length)
        {
            if (write)
            {
                memory.Write(Piece, offset);
            }
            else
            {
                memory.Read(Piece, offset);
            }
        }
    }

    private static void CopyObject(string file, int mebibytes, bool write)
    {
        using MemoryObject memory = MemoryObject.OpenFile(file, write);
        Copy(memory, mebibytes, write);
    }

    private static long[] CopyView(string file, int mebibytes, bool write)
    {
        using MemoryObject memory = MemoryObject.OpenFile(file, canWrite: true);
        using MemoryView view = memory.Map(MemoryShare.ReadWrite, 0, (long)mebibytes * Mebibyte);
        for (long offset = 0; offset < view.Length; offset += Environment.SystemPageSize)
        {
            view.Write(Piece.AsSpan(0, 1), offset);
        }

        return [Time(() => Copy(view, mebibytes, write))];
    }

    private static void AddOne(string file, int count)
    {
        using MemoryObject memory = MemoryObject.OpenFile(file, canWrite: true);
        using MemoryView view = memory.Map(MemoryShare.ReadWrite, 0, sizeof(long));
        for (int i = 0; i < count; i++)
        {
            view.Update(0, sizeof(long), MemoryUpdate.Add, 1, 0);
        }
    }
}
