namespace PsIpc.Commands;

/// <summary>Names of parameter sets: the ways to say which object is meant.</summary>
internal static class AddressSets
{
    internal const string Key = "Key";
    internal const string Id = "Id";
    internal const string Name = "Name";
    internal const string Queue = "Queue";
    internal const string Object = "Object";
    internal const string Process = "Process";
    internal const string ProcessGroup = "ProcessGroup";
    internal const string Private = "Private";
    internal const string Lock = "Lock";
    internal const string Semaphore = "Semaphore";
    internal const string Socket = "Socket";
    internal const string Memory = "Memory";
    internal const string Anonymous = "Anonymous";
    internal const string Fifo = "Fifo";
    internal const string Path = "Path";
    internal const string LiteralPath = "LiteralPath";
}
