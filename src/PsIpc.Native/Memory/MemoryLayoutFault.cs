namespace PsIpc.Native.Memory;

/// <summary>What is wrong with a layout.</summary>
public enum MemoryLayoutFault
{
    /// <summary>It has no fields.</summary>
    Empty,

    /// <summary>A field's name is no name: letters, digits and _, not beginning with a digit.</summary>
    Name,

    /// <summary>Two fields have the same name, in whatever case.</summary>
    Duplicate,

    /// <summary>There is no such type.</summary>
    Type,

    /// <summary>The number of values is no number from 1 on.</summary>
    Count,

    /// <summary>A field is an array of arrays: [2][3].</summary>
    Dimensions,

    /// <summary>It is longer than 2 GiB.</summary>
    TooLarge,
}
