using System;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PsIpc.Native.Memory;

/// <summary>What guarded.S assembles to; a test assembles it anew and compares.</summary>
internal static class GuardedCode
{
    /// <summary>Bytes from one function to the next.</summary>
    internal const int EntrySize = 64;

    /// <summary>Where the handler is; what it leads out of lies before.</summary>
    internal const int Handler = 12 * EntrySize;

    /// <summary>Where the address of the handler before is to be written.</summary>
    internal const int Previous = 13 * EntrySize;

    /// <summary>Bytes in all.</summary>
    internal const int Size = Previous + sizeof(ulong);

    private const string X64 = """
        8b0748890131c0c3 # load32
        488b0748890131c0c3 # load64
        893731c0c3 # store32
        48893731c0c3 # store64
        89f0f00fc10748890131c0c3 # add32
        4889f0f0480fc10748890131c0c3 # add64
        89f0870748890131c0c3 # exchange32
        4889f048870748890131c0c3 # exchange64
        89d0f00fb13789c048890131c0c3 # compare32
        4889d0f0480fb13748890131c0c3 # compare64
        4889d1f3a431c0c3 # copy
        b80e000000c3 # fail
        488b82a8000000488d0df2fcffff4839c87214488d0da6ffffff4839c8730848898aa8000000c3ff2513000000 # handler
        """;

    private const string Arm64 = """
        04fcdf88640000f900008052c0035fd6 # load32
        04fcdfc8640000f900008052c0035fd6 # load64
        01fc9f8800008052c0035fd6 # store32
        01fc9fc800008052c0035fd6 # store64
        04fc5f888500010b05fc0688a6ffff35bf3b03d5640000f900008052c0035fd6 # add32
        04fc5fc88500018b05fc06c8a6ffff35bf3b03d5640000f900008052c0035fd6 # add64
        04fc5f8801fc0688c6ffff35bf3b03d5640000f900008052c0035fd6 # exchange32
        04fc5fc801fc06c8c6ffff35bf3b03d5640000f900008052c0035fd6 # exchange64
        04fc5f889f00026b6100005401fc068886ffff35bf3b03d5640000f900008052c0035fd6 # compare32
        04fc5fc89f0002eb6100005401fc06c886ffff35bf3b03d5640000f900008052c0035fd6 # compare64
        424000f1830000542414c1a8041481a8fcffff17424000b1a00000542414403804140038420400f1a1ffff5400008052c0035fd6 # copy
        c0018052c0035fd6 # fail
        44dc40f9e5e7ff109f0005ebc300005485fdff109f0005eb6200005445dc00f9c0035fd6e400005880001fd6 # handler
        """;

    /// <summary>The code for a machine.</summary>
    internal static byte[] For(Architecture machine)
    {
        (string text, byte filler) = machine switch
        {
            Architecture.X64 => (X64, (byte)0xCC), // int3
            Architecture.Arm64 => (Arm64, (byte)0),
            _ => throw new PlatformNotSupportedException(),
        };
        byte[] code = new byte[Size];
        code.AsSpan(0, Previous).Fill(filler);
        int entry = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> digits = line[..line.IndexOf('#')].Trim();
            for (int i = 0; i < digits.Length; i += 2)
            {
                code[(entry * EntrySize) + (i / 2)] = byte.Parse(digits.Slice(i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            }

            entry++;
        }

        return code;
    }
}
