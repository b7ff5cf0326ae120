namespace PsIpc.Native.SysV;

/// <summary>One operation on one semaphore of a set; see semop(2).</summary>
/// <param name="Index">Which semaphore of the set, from 0.</param>
/// <param name="Change">Above 0: that much is added. Below: that much is taken, as soon as it is there. 0: waits for the value 0.</param>
/// <param name="Undo">Whether the kernel takes it back when the process ends (SEM_UNDO).</param>
public readonly record struct SemaphoreOperation(ushort Index, short Change, bool Undo);
