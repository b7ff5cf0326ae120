using System.Collections.Generic;

namespace PsIpc.Native.SysV;

/// <summary>Where in the kernel's table an identifier points to: its lower bits are the slot, the upper ones a sequence number.</summary>
internal static class SysVSlots
{
    private const int Ordinary = 0x7FFF;

    /// <summary>With the kernel parameter ipcmni_extend.</summary>
    private const int Extended = 0xFFFFFF;

    /// <summary>The slots that an identifier may be in; who looks compares the identifier that he finds there.</summary>
    internal static IEnumerable<int> Of(int id)
    {
        if (id < 0)
        {
            yield break;
        }

        yield return id & Ordinary;
        if ((id & Extended) != (id & Ordinary))
        {
            yield return id & Extended;
        }
    }
}
