using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Linq;
using System.Management.Automation;
using PsIpc.Binding;
using PsIpc.Errors;
using PsIpc.Native;
using PsIpc.Native.SysV;

namespace PsIpc.Commands;

/// <summary>Makes System V keys from files: ftok(3).</summary>
[Cmdlet(VerbsCommon.Get, "IpcKey", DefaultParameterSetName = AddressSets.Path)]
[OutputType(typeof(IpcKeyInfo))]
public sealed class GetIpcKeyCommand : IpcCommand
{
    private readonly Dictionary<int, string> _paths = [];

    /// <summary>Existing files; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = AddressSets.Path)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Existing files, taken literally.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AddressSets.LiteralPath)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>The number from 1 to 255, or the character, that goes into the key beside the file.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ProjectIdTransformation]
    public byte ProjectId { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in ParameterSetName == AddressSets.LiteralPath ? LiteralPath : Path)
        {
            foreach (string file in TryResolve(path))
            {
                WriteKey(file);
            }
        }
    }

    /// <summary>The files that a path stands for; one that stands for none is an error, and never stops the others.</summary>
    private Collection<string> TryResolve(string path)
    {
        try
        {
            if (ParameterSetName == AddressSets.LiteralPath || !WildcardPattern.ContainsWildcardCharacters(path))
            {
                return new Collection<string> { ResolveNewPath(ParameterSetName == AddressSets.Path ? WildcardPattern.Unescape(path) : path) };
            }

            Collection<string> files = SessionState.Path.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider);
            RefuseOtherProviders(provider, path);
            return files;
        }
        catch (Exception e) when (e is IContainsErrorRecord && e is not PipelineStoppedException)
        {
            WriteError(((IContainsErrorRecord)e).ErrorRecord); // no such drive, not a file system
            return [];
        }
    }

    private void WriteKey(string file)
    {
        int key;
        try
        {
            key = SysVKey.FromFile(file, ProjectId);
        }
        catch (IpcException e)
        {
            WriteFailure(e, file, file);
            return;
        }

        string name = IpcKey.Format(key);
        if (_paths.TryGetValue(key, out string? other) && other != file)
        {
            WriteWarning(Sentences.Format("KeyCollision", ("path", file), ("target", name), ("other", other)));
        }

        _paths[key] = file;
        WriteObject(new IpcKeyInfo
        {
            Key = key,
            Name = name,
            Path = file,
            ProjectId = ProjectId,
            InUseBy = [.. SysVKey.Find(key).Select(found => $"{found.Kind} {found.Id}")],
        });
    }
}
