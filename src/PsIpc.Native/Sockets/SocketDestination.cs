using PsIpc.Native.Handles;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Sockets;

/// <summary>
/// An address to connect or send to. A path that is too long for one is opened, and its descriptor's link in /proc is the address: the
/// kernel follows that to the same file.
/// </summary>
internal readonly ref struct SocketDestination
{
    private readonly SafeDescriptor? _file;

    internal unsafe SocketDestination(UnixAddress address, string call)
    {
        if (!address.IsTooLong)
        {
            Length = address.Write(out Address);
            return;
        }

        if (address.IsAbstract)
        {
            throw new IpcException($"{call}(sun_path)", Errno.ENAMETOOLONG);
        }

        fixed (byte* path = NativeString.Encode(address.Name))
        {
            _file = SafeDescriptor.Checked(Libc.open(path, Libc.O_PATH | Libc.O_CLOEXEC, 0), call);
        }

        Length = UnixAddress.OfPath($"/proc/self/fd/{_file.DangerousGetHandle()}").Write(out Address);
    }

    internal readonly Libc.sockaddr_un Address;

    internal uint Length { get; }

    public void Dispose() => _file?.Dispose();
}
