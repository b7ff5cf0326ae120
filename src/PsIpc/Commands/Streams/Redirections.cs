using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Handles;
using PsIpc.Native.Inventory;
using PsIpc.Native.Streams;
using PsIpc.Native.Waiting;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>The descriptors that a program is to get, by the number that each will have there. Copies: they go when it has them.</summary>
internal sealed class Redirections(IpcCommand command, Waiter waiter) : IDisposable
{
    private const int UsualMaximum = 1023;
    private readonly Dictionary<int, SafeDescriptor> _descriptors = [];
    private readonly Dictionary<string, SafeDescriptor> _outputs = new(StringComparer.Ordinal);

    /// <summary>What there is so far.</summary>
    internal IReadOnlyDictionary<int, SafeDescriptor> Descriptors => _descriptors;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SafeDescriptor descriptor in _descriptors.Values)
        {
            descriptor.Dispose();
        }
    }

    /// <summary>Adds standard input, output or error.</summary>
    /// <param name="number">0, 1 or 2.</param>
    /// <param name="value">A path, or what has a descriptor; null for what PowerShell itself has.</param>
    /// <param name="append">Whether a file is appended to.</param>
    internal void AddStandard(int number, object? value, bool append)
    {
        object? bare = value is PSObject wrapper ? wrapper.BaseObject : value;
        if (bare is not null && _descriptors.ContainsKey(number))
        {
            throw NumberRefused(number);
        }

        switch (bare)
        {
            case null:
                return;
            case string path:
                AddFile(number, command.ResolveNewPath(path), append);
                return;
            case FileInfo file:
                AddFile(number, file.FullName, append);
                return;
            case OpenPipe pipe:
                AddHandle(number, number == 0 ? pipe.Reader : pipe.Writer, value);
                return;
            default:
                AddHandle(number, bare, value);
                return;
        }
    }

    /// <summary>Standard error goes where standard output goes, whichever way that was given: comes last.</summary>
    internal void MergeError()
    {
        if (!_descriptors.ContainsKey(1) && ProgramStart.IsOutputTaken(command))
        {
            AddFile(1, "/dev/null", append: true);
        }

        _descriptors[2] = _descriptors.TryGetValue(1, out SafeDescriptor? output) ? output.Duplicate() : SafeDescriptor.DuplicateOf(1);
    }

    /// <summary>Adds any that have a descriptor. Comes first: what is refused here, no file is opened or emptied for.</summary>
    /// <param name="handles">Numbers, and what each is to be.</param>
    /// <param name="isErrorMerged">Whether standard error goes where standard output goes.</param>
    internal void AddPassed(IDictionary? handles, bool isErrorMerged)
    {
        int maximum = MaxNumber;
        foreach (DictionaryEntry one in handles ?? new Hashtable())
        {
            object key = one.Key is PSObject wrapped ? wrapped.BaseObject : one.Key;
            if (!int.TryParse(Convert.ToString(key, CultureInfo.InvariantCulture), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                || number > maximum || _descriptors.ContainsKey(number))
            {
                throw NumberRefused(key);
            }

            if (number == 2 && isErrorMerged)
            {
                throw Refused("MergedErrorPassed", key);
            }

            object? bare = one.Value is PSObject wrapper ? wrapper.BaseObject : one.Value;
            if (bare is OpenPipe)
            {
                throw Refused("PipeEndNeeded", one.Value, ("target", bare));
            }

            if (number <= 2 && bare is not null)
            {
                AddHandle(number, bare, one.Value);
                continue;
            }

            WarnOfReadAhead(bare);
            _descriptors[number] = Copy(bare, one.Value);
        }
    }

    /// <summary>The kernel makes no number from RLIMIT_NOFILE on, and most programs expect none above what that usually is.</summary>
    private static int MaxNumber => (int)Math.Min(UsualMaximum, (IpcLimit.RlimitNofile.Read() ?? long.MaxValue) - 1);

    private void AddFile(int number, string file, bool append)
    {
        if (number > 0 && _outputs.TryGetValue(file, out SafeDescriptor? same))
        {
            _descriptors[number] = same.Duplicate(); // opened twice, one would overwrite the other
            return;
        }

        try
        {
            WaitStatus status = RedirectionFile.Open(
                file, number == 0 ? StreamAccess.Read : StreamAccess.Write, append, waiter, out SafeDescriptor? descriptor);
            if (status != WaitStatus.Done)
            {
                throw new PipelineStoppedException();
            }

            _descriptors[number] = descriptor!;
            if (number > 0)
            {
                _outputs[file] = descriptor!; // what was opened for reading cannot be written to
            }
        }
        catch (IpcException e)
        {
            command.ThrowTerminatingError(Failure.Of(e, file, file));
        }
    }

    private void AddHandle(int number, object source, object? given)
    {
        if (number == 0)
        {
            WarnOfReadAhead(source);
        }

        SafeDescriptor descriptor = Copy(source, given);
        _descriptors[number] = descriptor;
        try
        {
            ByteStream stream = new(descriptor);
            if (number == 0 ? !stream.CanRead : !stream.CanWrite)
            {
                throw Refused(number == 0 ? "NotOpenForReading" : "NotOpenForWriting", given, ("target", DescriptorHandles.NameOf(source)));
            }
        }
        catch (IpcException e)
        {
            command.ThrowTerminatingError(Failure.Of(e, given, DescriptorHandles.NameOf(source)));
        }
    }

    private void WarnOfReadAhead(object? source)
    {
        if (source is StreamHandle { IsClosed: false, Input.Available.Length: > 0 and var length } handle)
        {
            command.WriteWarning(Sentences.Format("ReadAheadStays", ("target", handle.StreamName), ("length", length)));
        }
    }

    private SafeDescriptor Copy(object? source, object? given)
    {
        SafeDescriptor? copy = IpcCommand.TryCopyDescriptor(source is PipeEnd ? source : given, out ErrorRecord? error);
        if (copy is null)
        {
            command.ThrowTerminatingError(error);
        }

        return copy!;
    }

    private InvalidOperationException NumberRefused(object number) =>
        Refused("DescriptorNumberRefused", number, ("value", number), ("maximum", MaxNumber));

    private InvalidOperationException Refused(string errorId, object? target, params (string Place, object? Value)[] values)
    {
        command.ThrowTerminatingError(Failure.Of(errorId, ErrorCategory.InvalidArgument, target, values));
        return new InvalidOperationException();
    }
}
