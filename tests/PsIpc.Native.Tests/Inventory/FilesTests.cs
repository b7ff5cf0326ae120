using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using PsIpc.Native.Handles;
using PsIpc.Native.Interop;
using PsIpc.Native.Inventory;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.Inventory;

public sealed class FilesTests : IDisposable
{
    private readonly string _directory = Directory.CreateDirectory(Scratch.File("files")).FullName;

    /// <summary>.NET cannot remove what has no name in UTF-8.</summary>
    public void Dispose() => Peer.Run("rm", "-rf", _directory);

    [Fact]
    public void A_directory_lists_raw_names_without_itself()
    {
        string[] names = ["a", "...", " ", "b\nc", NativeString.Decode([0xFF, (byte)'x'])];
        foreach (string name in names)
        {
            Touch(Path.Combine(_directory, name));
        }

        using SafeDescriptor directory = Directories.TryOpen(_directory)!;
        for (int round = 0; round < 2; round++) // the descriptor keeps no place
        {
            Assert.Equal(
                names.Order(StringComparer.Ordinal),
                Directories.Names(directory).Select(bytes => NativeString.Decode(bytes.AsSpan()[..^1])).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void What_cannot_be_listed_leaves_errno()
    {
        Assert.Null(Directories.TryOpen(Path.Combine(_directory, "none")));
        Assert.Equal(Errno.ENOENT, Libc.LastErrno);
        string file = Path.Combine(_directory, "file");
        Touch(file);
        Assert.Null(Directories.TryOpen(file));
        Assert.Equal(Errno.ENOTDIR, Libc.LastErrno);
    }

    [Fact]
    public void A_file_is_described_as_stat_describes_it()
    {
        string stat = Require.Tool("stat");
        string file = Path.Combine(_directory, "file");
        File.WriteAllText(file, "x");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupWrite);
        FileStatus status = FileStatus.TryGet(file)!.Value;
        string[] fields = Peer.Run(stat, "-c", "%f %u %g %i %Hd %Ld %Z", file).Trim().Split(' ');
        string[] ours =
        [
            status.Mode.ToString("x", CultureInfo.InvariantCulture), Text(status.Uid), Text(status.Gid), Text(status.Inode),
            Text(DeviceNumber.Major(status.Device)), Text(DeviceNumber.Minor(status.Device)), Text((ulong)status.ChangeTime.ToUnixTimeSeconds()),
        ];
        Assert.Equal(fields, ours);
    }

    [Fact]
    public void A_link_is_followed_or_not_as_asked()
    {
        string file = Path.Combine(_directory, "file");
        Touch(file);
        File.CreateSymbolicLink(Path.Combine(_directory, "link"), file);
        using SafeDescriptor directory = Directories.TryOpen(_directory)!;
        Assert.Equal(FileStatus.TryGet(file), At(directory, "link", follow: true));
        Assert.NotEqual(FileStatus.TryGet(file), At(directory, "link", follow: false));
        Assert.Null(At(directory, "none", follow: true));
        Assert.Equal(Errno.ENOENT, Libc.LastErrno);
        Assert.Null(FileStatus.TryGet(Path.Combine(_directory, "none")));
        Assert.Equal(FileStatus.TryGet(_directory), FileStatus.Of(directory));
    }

    [Fact]
    public void A_random_name_survives_the_way_to_a_string_and_back()
    {
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] name = new byte[random.Next(12)];
            for (int k = 0; k < name.Length; k++)
            {
                // Bytes that begin, continue and break UTF-8, closely mixed.
                name[k] = (byte)(random.Next(3) switch { 0 => random.Next(1, 128), 1 => random.Next(128, 192), _ => random.Next(192, 256) });
            }

            Assert.Equal([.. name, 0], NativeString.Encode(NativeString.Decode(name)));
        }

        Assert.Equal([.. "ä🎉"u8, 0], NativeString.Encode("ä🎉"));
        Assert.Equal("ä🎉", NativeString.Decode(Encoding.UTF8.GetBytes("ä🎉")));
    }

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    private static unsafe FileStatus? At(SafeDescriptor directory, string name, bool follow)
    {
        fixed (byte* bytes = NativeString.Encode(name))
        {
            return FileStatus.TryGetAt(directory, bytes, follow);
        }
    }

    private static unsafe void Touch(string path)
    {
        fixed (byte* bytes = NativeString.Encode(path))
        {
            using SafeDescriptor file = SafeDescriptor.Checked(Libc.open(bytes, Libc.O_CREAT | Libc.O_WRONLY | Libc.O_CLOEXEC, 0x180), "open");
        }
    }
}
