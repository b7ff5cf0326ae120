using System;
using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text;
using PsIpc.Binding;
using PsIpc.Native;

namespace PsIpc.Commands;

/// <summary>Writes objects as messages straight into the buffer they are sent from; allocates nothing for a string or bytes.</summary>
internal sealed class PayloadEncoder(PayloadOptions options)
{
    /// <summary>What was sent when it was a message that had been received before: it keeps its type or priority.</summary>
    internal IpcMessage? Forwarded { get; private set; }

    /// <summary>Writes one object.</summary>
    /// <returns>How many bytes the message has.</returns>
    /// <exception cref="PayloadException">It is nothing that can be sent.</exception>
    internal int Encode(object? value, MessageBuffer buffer)
    {
        object? bare = value is PSObject wrapper ? wrapper.BaseObject : value;
        Forwarded = null;
        int length = options.AsObject
            ? EncodeText(Serialize(value), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), buffer)
            : bare switch
            {
                string text => EncodeText(text, options.Encoding, buffer),
                byte[] bytes => Copy(bytes, buffer),
                IpcMessage message => Copy((Forwarded = message).Bytes, buffer),
                _ => EncodeOther(value, bare, buffer),
            };
        return options is { NullTerminated: false, PadTo: null } ? length : Pad(length, buffer);
    }

    /// <summary>Bytes of a NUL: as many as a character has where characters are wide. CLIXML is always UTF-8.</summary>
    private int NulWidth => options.AsObject ? 1 : options.Encoding.GetByteCount("\0");

    /// <summary>XML has no place for some characters, U+FFFF among them, and a property's code may throw anything.</summary>
    private string Serialize(object? value)
    {
        try
        {
            return PSSerializer.Serialize(value, options.Depth);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new PayloadException("PayloadNoClixml", ("reason", e.Message));
        }
    }

    private int EncodeOther(object? value, object? bare, MessageBuffer buffer)
    {
        switch (bare)
        {
            case null:
                throw new PayloadException("PayloadNull");
            case byte:
                throw new PayloadException("PayloadByte");
            case char character:
                return EncodeText(character.ToString(), options.Encoding, buffer);
            case sbyte or short or ushort or int or uint or long or ulong or float or double or decimal or System.Numerics.BigInteger:
                return EncodeText(Convert.ToString(bare, CultureInfo.InvariantCulture)!, options.Encoding, buffer);
            case PSCustomObject when value is PSObject bag && Rehydration.MessageFromBag(bag) is { } message:
                Forwarded = message;
                return Copy(message.Bytes, buffer);
            case IList:
                throw new PayloadException("PayloadArray");
            default:
                throw new PayloadException("PayloadType", ("type", bare.GetType()));
        }
    }

    private int EncodeText(string text, Encoding encoding, MessageBuffer buffer)
    {
        ReadOnlySpan<byte> lineEnd = options.LineEnd.Span;
        try
        {
            // The exact count is only worth its cost where the buffer might be too small.
            if (encoding.GetMaxByteCount(text.Length) > buffer.Capacity - lineEnd.Length)
            {
                buffer.EnsureCapacity(encoding.GetByteCount(text) + lineEnd.Length);
            }

            int length = encoding.GetBytes(text, buffer.Data);
            lineEnd.CopyTo(buffer.Data[length..]);
            return length + lineEnd.Length;
        }
        catch (Exception e) when (e is EncoderFallbackException or ArgumentOutOfRangeException)
        {
            throw new PayloadException("PayloadNotEncodable", ("encoding", encoding.WebName), ("reason", e.Message));
        }
    }

    private static int Copy(byte[] bytes, MessageBuffer buffer)
    {
        buffer.EnsureCapacity(bytes.Length);
        bytes.CopyTo(buffer.Data);
        return bytes.Length;
    }

    private int Pad(int length, MessageBuffer buffer)
    {
        int end = length + (options.NullTerminated ? NulWidth : 0);
        if (end > options.PadTo)
        {
            throw new PayloadException("PayloadLongerThanPad", ("length", end), ("maximum", options.PadTo));
        }

        int total = options.PadTo ?? end;
        if (total > buffer.Capacity)
        {
            byte[] data = buffer.Data[..length].ToArray();
            buffer.EnsureCapacity(total);
            data.CopyTo(buffer.Data);
        }

        buffer.Data[length..total].Clear();
        return total;
    }
}
