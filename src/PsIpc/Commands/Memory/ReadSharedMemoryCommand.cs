using System;
using System.IO;
using System.Management.Automation;
using System.Text;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Memory;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Reads shared memory: as bytes, text, numbers, a hexadecimal dump, the fields of a layout, or into a file.</summary>
[Cmdlet(VerbsCommunications.Read, "SharedMemory", DefaultParameterSetName = AddressSets.Name)]
[OutputType(typeof(byte[]), typeof(string), typeof(long), typeof(double), typeof(SharedMemoryHexLine), typeof(PSObject))]
public sealed class ReadSharedMemoryCommand : PipedSharedMemoryCommand
{
    /// <summary>Bytes at a time: they stay in the processor's cache.</summary>
    private const int Piece = 256 << 10;

    /// <summary>Bytes of text: a string of .NET has no more characters.</summary>
    private const int LongestText = 0x3FFFFFDF;

    /// <summary>Where to begin, in bytes; 0 unless said otherwise.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long? Offset { get; set; }

    /// <summary>How many bytes, up to the end unless said otherwise; of numbers and layouts how many of these, 1 unless said otherwise.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long? Count { get; set; }

    /// <summary>Bytes, Text up to its first NUL, Hex, or the type of numbers: int8 to uint64, float32, float64, bool. Bytes unless said otherwise.</summary>
    [Parameter]
    [ValidateMemoryForm]
    [ArgumentCompleter(typeof(MemoryFormCompleter))]
    public string As { get; set; } = ValidateMemoryFormAttribute.Bytes;

    /// <summary>The encoding of text: UTF-8 unless said otherwise.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    [ValidateNotNull]
    public Encoding Encoding { get; set; } = Encoding.UTF8;

    /// <summary>Emits an object with these fields: [ordered]@{ Count = 'int64'; Name = 'char[32]' }, or as C has them: 'int64 Count; char Name[32]'.</summary>
    [Parameter]
    [MemoryLayoutTransformation]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(MemoryLayoutCompleter))]
    public object? Layout { get; set; }

    /// <summary>Leaves no room between the fields of the layout, where C would align them.</summary>
    [Parameter]
    public SwitchParameter Packed { get; set; }

    /// <summary>The file to write the bytes to; what is in it is overwritten.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? OutFile { get; set; }

    private long Begin => Offset ?? 0;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        RefuseTogether(nameof(OutFile), nameof(As));
        RefuseTogether(nameof(OutFile), nameof(Layout));
        RefuseTogether(nameof(Layout), nameof(As));
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Use(canWrite: false, (memory, address) =>
    {
        MemoryLayout? layout = Layout is null ? null : MemoryLayoutTransformationAttribute.Make(Layout, Packed);
        MemoryType? type = MemoryType.Find(As);
        long size = memory.Bytes.Length;
        long unit = layout?.Size ?? type?.Size ?? 1;
        long count = Count ?? (unit == 1 && type is null && layout is null ? Math.Max(0, size - Begin) : 1);
        if (count > long.MaxValue / unit || Begin > size - (count * unit))
        {
            WriteRangeError(address, Begin, count > long.MaxValue / unit ? long.MaxValue : count * unit, size);
            return;
        }

        if (OutFile is not null)
        {
            CopyToFile(memory, address, count);
        }
        else if (layout is not null)
        {
            ReadLayouts(memory.Bytes, layout, count, address);
        }
        else if (type is not null)
        {
            ReadNumbers(memory.Bytes, type, count);
        }
        else if (string.Equals(As, ValidateMemoryFormAttribute.Hex, StringComparison.OrdinalIgnoreCase))
        {
            ReadHex(memory.Bytes, count);
        }
        else if (string.Equals(As, ValidateMemoryFormAttribute.Text, StringComparison.OrdinalIgnoreCase))
        {
            ReadText(memory.Bytes, count, address);
        }
        else if (count > Array.MaxLength)
        {
            WriteSizeError(address, count, Array.MaxLength);
        }
        else
        {
            byte[] bytes = new byte[count];
            if (Copy(memory.Bytes, count, address, (piece, done) => piece.CopyTo(bytes.AsSpan((int)done))))
            {
                WriteObject(bytes, enumerateCollection: false);
            }
        }
    });

    /// <summary>Hands on the bytes piece by piece, with a display of how far it is; false when it was stopped.</summary>
    private bool Copy(IMemory memory, long count, MemoryAddress address, PieceHandler handle)
    {
        CopyProgress progress = new(this, "ReadingMemory", address.Name, count);
        byte[] buffer = new byte[Math.Min(Piece, count)];
        try
        {
            for (long done = 0; done < count; done += buffer.Length)
            {
                if (Waiter.IsCancelled)
                {
                    return false;
                }

                Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, count - done));
                memory.Read(piece, Begin + done);
                handle(piece, done);
                progress.Report(done + piece.Length);
            }
        }
        finally
        {
            if (!Waiter.IsCancelled)
            {
                progress.Complete();
            }
        }

        return true;
    }

    private delegate void PieceHandler(ReadOnlySpan<byte> piece, long done);

    private void CopyToFile(OpenMemory memory, MemoryAddress address, long count)
    {
        string path = ResolveNewPath(OutFile!);
        try
        {
            using DataFile file = DataFile.OpenWrite(path);
            if (memory.Identity == file.Identity)
            {
                WriteError(Failure.Of("FileIsMemory", ErrorCategory.InvalidArgument, path, ("target", path)));
                return;
            }

            file.Empty();
            _ = Copy(memory.Bytes, count, address, (piece, _) => file.Write(piece));
        }
        catch (IpcException e) when (DataFile.IsFailure(e))
        {
            WriteFailure(e, OutFile, $"file '{path}'");
        }
    }

    private void ReadNumbers(IMemory memory, MemoryType type, long count)
    {
        int many = Piece / type.Size;
        for (long done = 0; done < count && !Waiter.IsCancelled; done += many)
        {
            byte[] bytes = new byte[Math.Min(many, count - done) * type.Size];
            memory.Read(bytes, Begin + (done * type.Size));
            for (int i = 0; i < bytes.Length; i += type.Size)
            {
                WriteObject(type.Read(bytes.AsSpan(i)));
            }
        }
    }

    private void ReadHex(IMemory memory, long count)
    {
        byte[] buffer = new byte[4096];
        for (long done = 0; done < count && !Waiter.IsCancelled; done += buffer.Length)
        {
            Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, count - done));
            memory.Read(piece, Begin + done);
            for (int i = 0; i < piece.Length; i += SharedMemoryHexLine.Width)
            {
                byte[] line = piece.Slice(i, Math.Min(SharedMemoryHexLine.Width, piece.Length - i)).ToArray();
                WriteObject(new SharedMemoryHexLine(Begin + done + i, line));
            }
        }
    }

    /// <summary>Piece by piece up to the NUL: however long the memory is, only the text must have an end.</summary>
    private void ReadText(IMemory memory, long count, MemoryAddress address)
    {
        using MemoryStream text = new();
        byte[] buffer = new byte[4096]; // a multiple of every character's bytes
        for (long done = 0; done < count && !Waiter.IsCancelled; done += buffer.Length)
        {
            Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, count - done));
            memory.Read(piece, Begin + done);
            int end = MemoryText.IndexOfNul(piece, Encoding);
            text.Write(end < 0 ? piece : piece[..end]);
            if (end >= 0)
            {
                break;
            }

            if (text.Length > LongestText)
            {
                WriteSizeError(address, count, LongestText);
                return;
            }
        }

        try
        {
            WriteObject(Encoding.GetString(text.GetBuffer(), 0, (int)text.Length));
        }
        catch (DecoderFallbackException e)
        {
            WriteError(NotDecodable(e, Encoding, address.Target, address.Name));
        }
    }

    private void WriteSizeError(MemoryAddress address, long count, long maximum) => WriteError(Failure.Of(
        "ReadTooLarge", ErrorCategory.LimitsExceeded, address.Target, ("target", address.Name), ("length", count), ("maximum", maximum)));

    private void ReadLayouts(IMemory memory, MemoryLayout layout, long count, MemoryAddress address)
    {
        for (long i = 0; i < count && !Waiter.IsCancelled; i++)
        {
            WriteObject(new SharedMemoryStruct(memory, layout, Begin + (i * layout.Size), address.Name).Copy());
        }
    }
}
