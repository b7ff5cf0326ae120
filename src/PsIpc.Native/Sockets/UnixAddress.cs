using System;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Sockets;

/// <summary>What a Unix socket is bound to: a path, or an abstract name, which is no file and goes with its socket; see unix(7).</summary>
/// <remarks>Abstract names are written with an @ in front, as ss(8) and socat(1) do. They are bytes, NUL among them; those that are no UTF-8 are lone surrogates.</remarks>
public sealed class UnixAddress : IEquatable<UnixAddress>
{
    /// <summary>Bytes that a name may have: a path needs one more for its NUL, an abstract name for the one in front.</summary>
    public const int MaxLength = 107;

    private const int PathOffset = 2;

    private UnixAddress(string name, byte[] bytes, bool isAbstract) => (Name, Bytes, IsAbstract) = (name, bytes, isAbstract);

    /// <summary>The path, or the abstract name behind an @.</summary>
    public string Name { get; }

    /// <summary>Whether the name is abstract.</summary>
    public bool IsAbstract { get; }

    /// <summary>Whether the name is too long to bind to. Such a file can be connected to all the same, by a descriptor.</summary>
    public bool IsTooLong => Bytes.Length > MaxLength;

    /// <summary>The name in bytes, without what stands before or behind it.</summary>
    internal byte[] Bytes { get; }

    /// <summary>The address of a path.</summary>
    /// <param name="path">From the root, or from the process's own directory.</param>
    /// <exception cref="ArgumentException">It is empty, or holds a NUL.</exception>
    public static UnixAddress OfPath(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new UnixAddress(path, NativeString.Encode(path)[..^1], isAbstract: false);
    }

    /// <summary>The address of an abstract name.</summary>
    /// <param name="name">The name, without an @; any character may be in it.</param>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public static UnixAddress OfAbstractName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string[] parts = name.Split('\0'); // a NUL is a byte like any other here, and none to NativeString
        using System.IO.MemoryStream bytes = new();
        for (int i = 0; i < parts.Length; i++)
        {
            bytes.Write(NativeString.Encode(parts[i]).AsSpan(0..^(i < parts.Length - 1 ? 0 : 1)));
        }

        return new UnixAddress("@" + name, bytes.ToArray(), isAbstract: true);
    }

    /// <inheritdoc/>
    public bool Equals(UnixAddress? other) => other is not null && IsAbstract == other.IsAbstract && Bytes.AsSpan().SequenceEqual(other.Bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UnixAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>The path, or the abstract name behind an @.</summary>
    public override string ToString() => Name;

    /// <summary>What the kernel gave back; null of a socket that has no name.</summary>
    internal static unsafe UnixAddress? Read(in Libc.sockaddr_un address, uint length)
    {
        if (length <= PathOffset || address.sun_family != Libc.AF_UNIX)
        {
            return null;
        }

        fixed (byte* path = address.sun_path)
        {
            // The kernel says 111 for a path of 108 bytes that ends without a NUL.
            ReadOnlySpan<byte> bytes = new(path, (int)Math.Min(length - PathOffset, 108));
            if (bytes[0] != 0)
            {
                int end = bytes.IndexOf((byte)0);
                bytes = end < 0 ? bytes : bytes[..end];
                return new UnixAddress(NativeString.Decode(bytes), bytes.ToArray(), isAbstract: false);
            }

            return bytes.Length == 1 ? null : new UnixAddress("@" + NativeString.Decode(bytes[1..]), bytes[1..].ToArray(), isAbstract: true);
        }
    }

    /// <summary>Writes it as the kernel takes it; gives its length.</summary>
    internal unsafe uint Write(out Libc.sockaddr_un address)
    {
        address = default;
        address.sun_family = Libc.AF_UNIX;
        int start = IsAbstract ? 1 : 0;
        fixed (byte* path = address.sun_path)
        {
            Bytes.CopyTo(new Span<byte>(path + start, MaxLength));
        }

        return (uint)(PathOffset + Bytes.Length + 1); // an abstract name's length counts; a path has its NUL
    }
}
