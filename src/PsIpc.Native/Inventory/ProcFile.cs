using System;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <summary>Reads files of /proc, one after the other, into the same buffer: thousands of them a listing.</summary>
internal sealed class ProcFile
{
    private byte[] _buffer = new byte[16384];
    private int _length;

    /// <summary>What was read last.</summary>
    internal ReadOnlySpan<byte> Content => _buffer.AsSpan(0, _length);

    /// <summary>Reads a file whole; false with errno when that fails.</summary>
    internal unsafe bool TryRead(string path)
    {
        _length = 0;
        int descriptor;
        fixed (byte* name = NativeString.Encode(path))
        {
            descriptor = Libc.open(name, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        }

        if (descriptor < 0)
        {
            return false;
        }

        using SafeDescriptor file = new(descriptor);
        while (true)
        {
            nint count;
            fixed (byte* buffer = _buffer)
            {
                count = Libc.read(file, buffer + _length, (nuint)(_buffer.Length - _length));
            }

            if (count < 0 && Libc.LastErrno == Errno.EINTR)
            {
                continue;
            }

            if (count <= 0)
            {
                return count == 0; // a process that ends while it is read gives ESRCH
            }

            _length += (int)count;
            if (_length == _buffer.Length)
            {
                Array.Resize(ref _buffer, _buffer.Length * 2);
            }
        }
    }

    /// <summary>The lines of a file, without their ends; none when it cannot be read. Copy what is to stay.</summary>
    internal LineEnumerator Lines(string path) => TryRead(path) ? Lines() : new LineEnumerator([]);

    /// <summary>The lines of what was read last.</summary>
    internal LineEnumerator Lines() => new(Content);

    /// <summary>Goes through lines without an object for each.</summary>
    internal ref struct LineEnumerator(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        public ReadOnlySpan<byte> Current { get; private set; }

        public readonly LineEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            int end = _rest.IndexOf((byte)'\n');
            Current = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? [] : _rest[(end + 1)..];
            return true;
        }
    }
}
