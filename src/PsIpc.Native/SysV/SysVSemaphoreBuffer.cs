using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PsIpc.Native.Interop;

namespace PsIpc.Native.SysV;

/// <summary>Room for struct semid_ds, which x64 and arm64 lay out in their own ways, and what the machine has in it.</summary>
internal readonly struct SysVSemaphoreBuffer
{
    private readonly Libc.semid_ds_x64 _larger;

    /// <summary>What IPC_SET takes. It lies in sem_perm, at the start of both.</summary>
    internal SysVSemaphoreBuffer(uint uid, uint gid, int mode)
    {
        _larger.sem_perm.uid = uid;
        _larger.sem_perm.gid = gid;
        _larger.sem_perm.mode = (uint)mode;
    }

    internal Libc.ipc_perm Permissions => _larger.sem_perm;

    internal long OperationTime => _larger.sem_otime;

    internal long ChangeTime => IsArm64 ? Smaller.sem_ctime : _larger.sem_ctime;

    internal int Count => (int)(IsArm64 ? Smaller.sem_nsems : _larger.sem_nsems);

    private static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    private ref readonly Libc.semid_ds_arm64 Smaller =>
        ref Unsafe.As<Libc.semid_ds_x64, Libc.semid_ds_arm64>(ref Unsafe.AsRef(in _larger));
}
