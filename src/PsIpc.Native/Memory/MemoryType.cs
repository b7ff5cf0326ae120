using System;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.InteropServices;

namespace PsIpc.Native.Memory;

/// <summary>A type of values as C has them in memory on 64-bit Linux: its size, and what .NET makes of it. All are little-endian.</summary>
public sealed class MemoryType
{
    private readonly ImmutableArray<string> _names;

    private MemoryType(int size, Type clrType, params ImmutableArray<string> names)
    {
        Size = size;
        ClrType = clrType;
        _names = names;
    }

    /// <summary>One byte of text.</summary>
    public static MemoryType Text { get; } = new(1, typeof(string), "char");

    /// <summary>One byte.</summary>
    public static MemoryType Octet { get; } = new(1, typeof(byte), "uint8", "byte", "uint8_t", "unsigned char");

    /// <summary>Every type, by the name that it is shown with, and the others that are understood.</summary>
    public static ImmutableArray<MemoryType> All { get; } =
    [
        new(1, typeof(sbyte), "int8", "sbyte", "int8_t", "signed char"),
        Octet,
        new(2, typeof(short), "int16", "short", "int16_t"),
        new(2, typeof(ushort), "uint16", "ushort", "uint16_t", "unsigned short"),
        new(4, typeof(int), "int32", "int", "int32_t"),
        new(4, typeof(uint), "uint32", "uint", "uint32_t", "unsigned int", "unsigned"),
        new(8, typeof(long), "int64", "long", "int64_t", "long long", "ssize_t"),
        new(8, typeof(ulong), "uint64", "ulong", "uint64_t", "unsigned long", "unsigned long long", "size_t"),
        new(4, typeof(float), "float32", "float", "single"),
        new(8, typeof(double), "float64", "double"),
        new(1, typeof(bool), "bool", "_Bool"),
        Text,
    ];

    /// <summary>What it is called.</summary>
    public string Name => _names[0];

    /// <summary>All its names, those of C and of .NET.</summary>
    public ImmutableArray<string> Names => _names;

    /// <summary>Bytes of one value, and what its address is a multiple of.</summary>
    public int Size { get; }

    /// <summary>The type that a value is given as: text for char.</summary>
    public Type ClrType { get; }

    /// <summary>Whether it is text: char.</summary>
    public bool IsText => ReferenceEquals(this, Text);

    /// <summary>The type of a name, in whatever case; null when there is none.</summary>
    /// <param name="name">One of its names.</param>
    public static MemoryType? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string words = string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return All.FirstOrDefault(type => type._names.Contains(words, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The type that .NET's own has in memory; null for one that has none, text included.</summary>
    /// <param name="type">A type of .NET.</param>
    public static MemoryType? Of(Type type) => type == typeof(string) ? null : All.FirstOrDefault(one => one.ClrType == type);

    /// <summary>Reads one value; not text.</summary>
    /// <param name="bytes">At least <see cref="Size"/> bytes.</param>
    public object Read(ReadOnlySpan<byte> bytes) => Type.GetTypeCode(ClrType) switch
    {
        TypeCode.SByte => (sbyte)bytes[0],
        TypeCode.Byte => bytes[0],
        TypeCode.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        TypeCode.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        TypeCode.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        TypeCode.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        TypeCode.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        TypeCode.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        TypeCode.Single => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        TypeCode.Double => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        TypeCode.Boolean => bytes[0] != 0,
        _ => throw new InvalidOperationException(),
    };

    /// <summary>Reads values, as an array of their own type; not text.</summary>
    /// <param name="bytes">The values, one after the other.</param>
    public Array ReadArray(ReadOnlySpan<byte> bytes) => Type.GetTypeCode(ClrType) switch
    {
        TypeCode.SByte => MemoryMarshal.Cast<byte, sbyte>(bytes).ToArray(),
        TypeCode.Byte => bytes.ToArray(),
        TypeCode.Int16 => MemoryMarshal.Cast<byte, short>(bytes).ToArray(),
        TypeCode.UInt16 => MemoryMarshal.Cast<byte, ushort>(bytes).ToArray(),
        TypeCode.Int32 => MemoryMarshal.Cast<byte, int>(bytes).ToArray(),
        TypeCode.UInt32 => MemoryMarshal.Cast<byte, uint>(bytes).ToArray(),
        TypeCode.Int64 => MemoryMarshal.Cast<byte, long>(bytes).ToArray(),
        TypeCode.UInt64 => MemoryMarshal.Cast<byte, ulong>(bytes).ToArray(),
        TypeCode.Single => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
        TypeCode.Double => MemoryMarshal.Cast<byte, double>(bytes).ToArray(),
        TypeCode.Boolean => ReadBooleans(bytes),
        _ => throw new InvalidOperationException(),
    };

    /// <summary>Writes one value; not text.</summary>
    /// <param name="value">A value of <see cref="ClrType"/>.</param>
    /// <param name="bytes">At least <see cref="Size"/> bytes.</param>
    public static void Write(object value, Span<byte> bytes)
    {
        switch (value)
        {
            case sbyte number:
                bytes[0] = (byte)number;
                break;
            case byte number:
                bytes[0] = number;
                break;
            case short number:
                BinaryPrimitives.WriteInt16LittleEndian(bytes, number);
                break;
            case ushort number:
                BinaryPrimitives.WriteUInt16LittleEndian(bytes, number);
                break;
            case int number:
                BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
                break;
            case uint number:
                BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
                break;
            case long number:
                BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
                break;
            case ulong number:
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
                break;
            case float number:
                BinaryPrimitives.WriteSingleLittleEndian(bytes, number);
                break;
            case double number:
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, number);
                break;
            case bool flag:
                bytes[0] = flag ? (byte)1 : (byte)0;
                break;
            default:
                throw new ArgumentException("It has no form in memory.", nameof(value));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>A byte that is neither 0 nor 1 would be a bool that equals neither.</summary>
    private static bool[] ReadBooleans(ReadOnlySpan<byte> bytes)
    {
        bool[] values = new bool[bytes.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = bytes[i] != 0;
        }

        return values;
    }
}
