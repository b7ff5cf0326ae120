using System;
using System.Management.Automation;
using System.Text;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Memory;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>Writes to shared memory: bytes, text, numbers, or a file.</summary>
[Cmdlet(VerbsCommunications.Write, "SharedMemory", DefaultParameterSetName = AddressSets.Name, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
public sealed class WriteSharedMemoryCommand : SharedMemoryCommand
{
    private const int Piece = 256 << 10;
    private long _position;
    private bool? _mayWrite;

    /// <summary>The view, or the memory, as Open-SharedMemory, New-SharedMemory or Get-IpcObject emits it; a handle or the number of a descriptor.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = AddressSets.Memory)]
    [IpcObjectTransformation]
    [ValidateNotNull]
    [ValidateSharedMemory]
    public object? Memory { get; set; }

    /// <summary>What to write: text, bytes, numbers, arrays of them. Several from the pipeline follow one another.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Value { get; set; }

    /// <summary>The file to write: all of it, or of a device as much as there is room for.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? InFile { get; set; }

    /// <summary>Where to begin, in bytes; 0 unless said otherwise.</summary>
    [Parameter]
    [ValidateRange(0, long.MaxValue)]
    public long? Offset { get; set; }

    /// <summary>What to make of the values: Bytes, Text, Hex, or a type of numbers: int8 to uint64, float32, float64, bool. What they are, unless said otherwise.</summary>
    [Parameter]
    [ValidateMemoryForm]
    [ArgumentCompleter(typeof(MemoryFormCompleter))]
    public string? As { get; set; }

    /// <summary>The encoding of text: UTF-8 unless said otherwise.</summary>
    [Parameter]
    [EncodingTransformation]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    [ValidateNotNull]
    public Encoding Encoding { get; set; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a NUL after each text, as C has it.</summary>
    [Parameter]
    public SwitchParameter NullTerminated { get; set; }

    /// <summary>Writes zeros after each value until it has so many bytes; longer ones are refused.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int? PadTo { get; set; }

    private protected override object? Subject => Memory;

    private long Begin => Offset ?? 0;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        RefuseTogether(nameof(InFile), nameof(As));
        RefuseTogether(nameof(InFile), nameof(Value));
        RefuseTogether(nameof(InFile), nameof(NullTerminated));
        RefuseTogether(nameof(InFile), nameof(PadTo));
        _position = Begin;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Use(canWrite: true, (memory, address) =>
    {
        if (InFile is not null)
        {
            CopyFromFile(memory, address);
            return;
        }

        byte[] bytes;
        try
        {
            bytes = new MemoryEncoder(As, Encoding, NullTerminated, PadTo).Encode(Value);
        }
        catch (PayloadException e)
        {
            ErrorCategory category = e.ErrorId.StartsWith("Payload", StringComparison.Ordinal) ? ErrorCategory.InvalidData : ErrorCategory.InvalidType; // as it is elsewhere
            WriteError(Failure.Of(e.ErrorId, category, Value, [.. e.Values, ("target", address.Name)]));
            return;
        }

        long size = memory.Bytes.Length;
        if (_position > size - bytes.Length)
        {
            WriteRangeError(address, _position, bytes.Length, size);
        }
        else if (MayWrite(address) && CopyBytes(memory.Bytes, address, bytes))
        {
            _position += bytes.Length;
        }
    });

    private bool MayWrite(MemoryAddress address) => _mayWrite ??= ShouldProcess(address.Name, "Write");

    /// <summary>In pieces, so that a long write shows how far it is and can be stopped.</summary>
    private bool CopyBytes(IMemory memory, MemoryAddress address, byte[] bytes)
    {
        CopyProgress progress = new(this, "WritingMemory", address.Name, bytes.Length);
        for (int done = 0; done < bytes.Length && !Waiter.IsCancelled; done += Piece)
        {
            int count = Math.Min(Piece, bytes.Length - done);
            memory.Write(bytes.AsSpan(done, count), _position + done);
            progress.Report(done + count);
        }

        if (!Waiter.IsCancelled)
        {
            progress.Complete();
        }

        return !Waiter.IsCancelled;
    }

    private void CopyFromFile(OpenMemory memory, MemoryAddress address)
    {
        string path = ResolveNewPath(InFile!);
        try
        {
            using DataFile file = DataFile.OpenRead(path);
            long size = memory.Bytes.Length;
            long room = Math.Max(0, size - Begin);
            if (memory.Identity == file.Identity)
            {
                WriteError(Failure.Of("FileIsMemory", ErrorCategory.InvalidArgument, path, ("target", path)));
                return;
            }

            if (file.Length > room || Begin > size)
            {
                WriteRangeError(address, Begin, file.Length ?? 0, size);
                return;
            }

            if (MayWrite(address))
            {
                CopyFile(memory.Bytes, address, file, room);
            }
        }
        catch (IpcException e) when (DataFile.IsFailure(e))
        {
            WriteFailure(e, InFile, $"file '{path}'");
        }
    }

    /// <summary>
    /// Files of /proc say that they have 0 bytes, and others grow: that there is room for the rest is known when one byte more was asked for.
    /// </summary>
    private void CopyFile(IMemory memory, MemoryAddress address, DataFile file, long room)
    {
        CopyProgress progress = new(this, "WritingMemory", address.Name, file.Length ?? room);
        byte[] buffer = new byte[Piece];
        int more = file.Length is null ? 0 : 1;
        for (long done = 0; done < room + more && !Waiter.IsCancelled;)
        {
            int count = Fill(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, room + more - done)));
            if (count > room - done)
            {
                WriteRangeError(address, Begin, done + count, Begin + room);
                break;
            }

            if (count == 0)
            {
                break;
            }

            memory.Write(buffer.AsSpan(0, count), Begin + done);
            done += count;
            progress.Report(done);
        }

        if (!Waiter.IsCancelled)
        {
            progress.Complete();
        }
    }

    /// <summary>Reads until there is no more, or the buffer is full; returns how many bytes.</summary>
    private static int Fill(DataFile file, Span<byte> buffer)
    {
        int count = 0;
        while (count < buffer.Length && file.Read(buffer[count..]) is > 0 and var read)
        {
            count += read;
        }

        return count;
    }
}
