using System;
using System.Text;

namespace PsIpc.Native;

/// <summary>
/// Names as the kernel has them are bytes, most often but not always UTF-8. A byte that is not valid UTF-8 becomes
/// the lone surrogate U+DC80..U+DCFF (Python's "surrogateescape"), so that every name can be shown as a string and
/// that string leads back to the same object.
/// </summary>
internal static class NativeString
{
    private const char FirstEscape = '\uDC80';
    private const char LastEscape = '\uDCFF';
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The bytes of a name, with a NUL at the end.</summary>
    /// <exception cref="ArgumentException">The name itself holds a NUL.</exception>
    internal static byte[] Encode(string name)
    {
        if (name.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("A name cannot hold the character NUL.", nameof(name));
        }

        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(name.Length) + 1];
        int length = 0;
        for (int i = 0; i < name.Length;)
        {
            if (name[i] is >= FirstEscape and <= LastEscape)
            {
                bytes[length++] = (byte)(name[i++] & 0xFF);
                continue;
            }

            int end = i;
            while (end < name.Length && (char.IsHighSurrogate(name[end]) || name[end] is < FirstEscape or > LastEscape))
            {
                end += char.IsHighSurrogate(name[end]) && end + 1 < name.Length ? 2 : 1;
            }

            length += Encoding.UTF8.GetBytes(name.AsSpan(i, end - i), bytes.AsSpan(length));
            i = end;
        }

        return bytes[..(length + 1)];
    }

    /// <summary>The string of a name.</summary>
    internal static string Decode(ReadOnlySpan<byte> bytes)
    {
        StringBuilder? text = null;
        while (true)
        {
            int valid = System.Text.Unicode.Utf8.IsValid(bytes) ? bytes.Length : ValidPrefix(bytes);
            string part = Strict.GetString(bytes[..valid]);
            if (valid == bytes.Length)
            {
                return text is null ? part : text.Append(part).ToString();
            }

            text = (text ?? new StringBuilder()).Append(part).Append((char)(0xDC00 | bytes[valid]));
            bytes = bytes[(valid + 1)..];
        }
    }

    /// <summary>The string of a name that ends at a NUL.</summary>
    internal static unsafe string Decode(byte* name) =>
        Decode(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));

    private static int ValidPrefix(ReadOnlySpan<byte> bytes)
    {
        int length = 0;
        while (length < bytes.Length && Rune.DecodeFromUtf8(bytes[length..], out _, out int consumed) == System.Buffers.OperationStatus.Done)
        {
            length += consumed;
        }

        return length;
    }
}
