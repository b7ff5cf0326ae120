using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Management.Automation;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.Handles;
using PsIpc.Native.Streams;
using PsIpc.Native.Waiting;
using PsIpc.Runtime;

namespace PsIpc.Commands;

/// <summary>The descriptors that a program is to get, by the number that each will have there. Copies: they go when it has them.</summary>
internal sealed class Redirections(IpcCommand command, Waiter waiter) : IDisposable
{
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

    /// <summary>Standard error goes where standard output goes.</summary>
    internal void MergeError()
    {
        if (!_descriptors.ContainsKey(1) && ProgramStart.IsOutputTaken(command))
        {
            AddFile(1, "/dev/null", append: true);
        }

        _descriptors[2] = _descriptors.TryGetValue(1, out SafeDescriptor? output) ? output.Duplicate() : SafeDescriptor.DuplicateOf(1);
    }

    /// <summary>Adds any others.</summary>
    /// <param name="handles">Numbers, and what each is to be.</param>
    internal void AddPassed(IDictionary? handles)
    {
        foreach (DictionaryEntry one in handles ?? new Hashtable())
        {
            object key = one.Key is PSObject wrapped ? wrapped.BaseObject : one.Key;
            if (!int.TryParse(Convert.ToString(key, CultureInfo.InvariantCulture), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                || number > MaxNumber || _descriptors.ContainsKey(number))
            {
                throw Refused("DescriptorNumberRefused", key, ("value", key), ("maximum", MaxNumber));
            }

            object? bare = one.Value is PSObject wrapper ? wrapper.BaseObject : one.Value;
            if (bare is OpenPipe)
            {
                throw Refused("PipeEndNeeded", one.Value, ("target", bare));
            }

            _descriptors[number] = Copy(bare, one.Value);
        }
    }

    private const int MaxNumber = 1023; // RLIMIT_NOFILE, as most programs have it: a number above it cannot be made

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
            _outputs[file] = descriptor!;
        }
        catch (IpcException e)
        {
            command.ThrowTerminatingError(Failure.Of(e, file, file));
        }
    }

    private void AddHandle(int number, object source, object? given)
    {
        if (source is StreamHandle { IsClosed: false, Input.Available.Length: > 0 and var length } handle && number == 0)
        {
            command.WriteWarning(Sentences.Format("ReadAheadStays", ("target", handle.StreamName), ("length", length)));
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

    private SafeDescriptor Copy(object? source, object? given)
    {
        SafeDescriptor? copy = IpcCommand.TryCopyDescriptor(source is PipeEnd ? source : given, out ErrorRecord? error);
        if (copy is null)
        {
            command.ThrowTerminatingError(error);
        }

        return copy!;
    }

    private InvalidOperationException Refused(string errorId, object? target, params (string Place, object? Value)[] values)
    {
        command.ThrowTerminatingError(Failure.Of(errorId, ErrorCategory.InvalidArgument, target, values));
        return new InvalidOperationException();
    }
}
