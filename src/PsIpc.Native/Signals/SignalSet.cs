using System.Collections.Generic;
using System.Numerics;

namespace PsIpc.Native.Signals;

/// <summary>Sets of signals as the kernel has them: a bit for each, 1 the lowest.</summary>
internal static class SignalSet
{
    internal static ulong Of(int signal) => 1UL << (signal - 1);

    internal static ulong Of(IEnumerable<int> signals)
    {
        ulong set = 0;
        foreach (int signal in signals)
        {
            set |= Of(signal);
        }

        return set;
    }

    internal static IEnumerable<int> Numbers(ulong set)
    {
        for (; set != 0; set &= set - 1)
        {
            yield return BitOperations.TrailingZeroCount(set) + 1;
        }
    }
}
