namespace PsIpc;

/// <summary>Where a field of a layout lies.</summary>
public sealed class SharedMemoryField
{
    internal SharedMemoryField(string name, string type, long offset, long size) => (Name, Type, Offset, Size) = (name, type, offset, size);

    /// <summary>What it is called; of a field within a field Point.X, of one in the first of several Points[0].X.</summary>
    public string Name { get; }

    /// <summary>Its type, as C would write it: int64, char[32], struct[4].</summary>
    public string Type { get; }

    /// <summary>Where it begins, in bytes from the beginning of the layout.</summary>
    public long Offset { get; }

    /// <summary>Bytes in all.</summary>
    public long Size { get; }

    /// <summary>Type and name.</summary>
    public override string ToString() => $"{Type} {Name}";
}
