namespace PsIpc.Native.Inventory;

/// <summary>A directory, FIFO or socket that a directory has.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Type">What it is.</param>
/// <param name="IsDirectory">Whether it is a directory.</param>
public readonly record struct FoundFile(string Path, FileObjectType Type, bool IsDirectory);
