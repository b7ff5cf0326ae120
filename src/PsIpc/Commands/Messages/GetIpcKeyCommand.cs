using System.Collections.Generic;
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
    [LiteralFileTransformation]
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
            foreach (string file in ResolvePaths(path, isLiteral: ParameterSetName == AddressSets.LiteralPath))
            {
                WriteKey(file);
            }
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
        if (_paths.TryGetValue(key, out string? other) && other != file && !SysVKey.IsSameFile(file, other))
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
