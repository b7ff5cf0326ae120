using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Signals;

/// <summary>
/// The machine code that runs when a signal comes: it writes siginfo_t to one descriptor and 1 to another. Managed code in
/// its place would deadlock against the runtime that it interrupts. The sources are handler.x64.S and handler.arm64.S.
/// </summary>
/// <remarks>
/// It is written to a file in memory, which is sealed against every change before it is mapped for execution: nothing that
/// can be executed could be written, at no time. The mapping stays as long as the process, because a thread may be just about
/// to enter it when the last signal is given back, and .NET calls it later if it found it installed.
/// </remarks>
internal static class SignalHandler
{
    private const int SlotFromEnd = 8;
    private const int BellFromEnd = 4;

    internal static ReadOnlySpan<byte> X64 =>
    [
        0xb8, 0x01, 0x00, 0x00, 0x00,             // again: mov eax, 1
        0x8b, 0x3d, 0x2e, 0x00, 0x00, 0x00,       // mov edi, [slot]
        0xba, 0x80, 0x00, 0x00, 0x00,             // mov edx, 128
        0x0f, 0x05,                               // syscall
        0x83, 0xf8, 0xff,                         // cmp eax, -1
        0x74, 0xe9,                               // je again
        0xb8, 0x01, 0x00, 0x00, 0x00,             // mov eax, 1
        0x8b, 0x3d, 0x1b, 0x00, 0x00, 0x00,       // mov edi, [bell]
        0x48, 0x8d, 0x35, 0x08, 0x00, 0x00, 0x00, // lea rsi, [one]
        0xba, 0x08, 0x00, 0x00, 0x00,             // mov edx, 8
        0x0f, 0x05,                               // syscall
        0xc3,                                     // ret
        1, 0, 0, 0, 0, 0, 0, 0,                   // one
        0, 0, 0, 0,                               // slot
        0, 0, 0, 0,                               // bell
    ];

    internal static ReadOnlySpan<byte> Arm64 =>
    [
        0x08, 0x08, 0x80, 0x52, // again: mov w8, #64
        0xa0, 0x01, 0x00, 0x18, // ldr w0, slot
        0x02, 0x10, 0x80, 0xd2, // mov x2, #128
        0x01, 0x00, 0x00, 0xd4, // svc #0
        0x1f, 0x04, 0x00, 0xb1, // cmn x0, #1
        0x60, 0xff, 0xff, 0x54, // b.eq again
        0x08, 0x08, 0x80, 0x52, // mov w8, #64
        0x00, 0x01, 0x00, 0x18, // ldr w0, bell
        0x81, 0x00, 0x00, 0x10, // adr x1, one
        0x02, 0x01, 0x80, 0xd2, // mov x2, #8
        0x01, 0x00, 0x00, 0xd4, // svc #0
        0xc0, 0x03, 0x5f, 0xd6, // ret
        1, 0, 0, 0, 0, 0, 0, 0, // one
        0, 0, 0, 0,             // slot
        0, 0, 0, 0,             // bell
    ];

    /// <summary>Puts the handler into memory.</summary>
    /// <param name="slot">The number that it writes records to.</param>
    /// <param name="bell">The number of the eventfd that it rings.</param>
    /// <returns>Its address.</returns>
    /// <exception cref="IpcException">"memfd_create(MFD_EXEC)" or "mmap(PROT_EXEC)": the system lets no memory be executed.</exception>
    internal static unsafe nint Install(int slot, int bell)
    {
        ReadOnlySpan<byte> template = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? Arm64 : X64;
        byte[] code = template.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(code.AsSpan(code.Length - SlotFromEnd), slot);
        BinaryPrimitives.WriteInt32LittleEndian(code.AsSpan(code.Length - BellFromEnd), bell);
        using SafeDescriptor file = MemoryFile.Create("psipc-handler", isExecutable: true);
        fixed (byte* bytes = code)
        {
            if (Libc.write(file, bytes, (nuint)code.Length) != code.Length)
            {
                throw IpcException.Last("write(memfd)");
            }
        }

        const int seals = Libc.F_SEAL_SEAL | Libc.F_SEAL_SHRINK | Libc.F_SEAL_GROW | Libc.F_SEAL_WRITE;
        _ = IpcException.Check(Libc.fcntl(file, Libc.F_ADD_SEALS, seals), "fcntl(F_ADD_SEALS)");
        nint address = Libc.mmap(0, (nuint)code.Length, Libc.PROT_READ | Libc.PROT_EXEC, Libc.MAP_PRIVATE, file, 0);
        return address != -1 ? address : throw IpcException.Last("mmap(PROT_EXEC)");
    }
}
