using System.Collections.ObjectModel;
using PsIpc.Host.Engine;

namespace System.Management.Automation;

/// <summary>What a session knows: here, its paths.</summary>
public sealed class SessionState
{
    internal static readonly SessionState Instance = new();

    /// <summary>Paths.</summary>
    public PathIntrinsics Path { get; } = new();

    /// <summary>Variables: one of them.</summary>
    public PSVariableIntrinsics PSVariable { get; } = new();
}

/// <summary>Makes file names of what the user types for paths. There is the file system alone.</summary>
public sealed class PathIntrinsics
{
    internal PathIntrinsics()
    {
    }

    /// <summary>The current directory; where it was deleted, the root, as PowerShell has it.</summary>
    public PathInfo CurrentFileSystemLocation
    {
        get
        {
            try
            {
                return new PathInfo(Environment.CurrentDirectory);
            }
            catch (Exception e) when (e is System.IO.IOException or UnauthorizedAccessException)
            {
                return new PathInfo("/");
            }
        }
    }

    /// <summary>The full file name of a path that need not exist; wildcards are characters like others.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="DriveNotFoundException">It is none of the file system.</exception>
    public string GetUnresolvedProviderPathFromPSPath(string path) => FileSystemPath.ToFull(path);

    /// <summary>The same, and what the path leads into: always the file system, since another drive is refused.</summary>
    /// <param name="path">The path.</param>
    /// <param name="provider">The file system.</param>
    /// <param name="drive">There are no drives: null.</param>
    /// <exception cref="DriveNotFoundException">It is none of the file system.</exception>
    public string GetUnresolvedProviderPathFromPSPath(string path, out ProviderInfo provider, out PSDriveInfo? drive)
    {
        provider = ProviderInfo.FileSystem;
        drive = null;
        return FileSystemPath.ToFull(path);
    }

    /// <summary>The full names of the files that match a path with wildcards.</summary>
    /// <param name="path">The path.</param>
    /// <param name="provider">The file system.</param>
    /// <exception cref="ItemNotFoundException">It has no wildcards, and does not exist.</exception>
    public Collection<string> GetResolvedProviderPathFromPSPath(string path, out ProviderInfo provider)
    {
        provider = ProviderInfo.FileSystem;
        return FileSystemPath.Expand(path);
    }
}

/// <summary>A place in the file system.</summary>
public sealed class PathInfo
{
    internal PathInfo(string path) => Path = path;

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Its path as programs know it: the same.</summary>
    public string ProviderPath => Path;

    /// <inheritdoc/>
    public override string ToString() => Path;
}

/// <summary>What paths lead into.</summary>
public sealed class ProviderInfo
{
    internal static readonly ProviderInfo FileSystem = new();

    private ProviderInfo()
    {
    }

    /// <summary>Its name.</summary>
    public string Name => "FileSystem";
}

/// <summary>A drive of PowerShell's; there are none here.</summary>
public sealed class PSDriveInfo
{
    private PSDriveInfo()
    {
    }
}

/// <summary>The engine as attributes see it; there is nothing to see here.</summary>
public sealed class EngineIntrinsics
{
    internal static readonly EngineIntrinsics Instance = new();

    private EngineIntrinsics()
    {
    }

    /// <summary>The session.</summary>
    public SessionState SessionState => SessionState.Instance;
}
