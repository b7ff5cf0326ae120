namespace PsIpc.Native.Inventory;

/// <summary>A process that has an object open.</summary>
/// <param name="ProcessId">Its pid, as the caller's /proc shows it.</param>
/// <param name="ProcessName">What the kernel calls it (comm): 15 bytes at most.</param>
/// <param name="Uid">The user it runs as.</param>
/// <param name="Descriptor">The descriptor by which it holds the object.</param>
public readonly record struct Holder(int ProcessId, string ProcessName, uint Uid, int Descriptor);
