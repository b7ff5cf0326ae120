namespace PsIpc.Native.Inventory;

/// <summary>Numbers of devices as stat(2), and with it stat(1), Python and Perl, show them: makedev(3). The kernel's tables have their two parts.</summary>
public static class DeviceNumber
{
    /// <summary>The number of two parts.</summary>
    /// <param name="major">Which kind of device.</param>
    /// <param name="minor">Which of that kind.</param>
    public static ulong Of(ulong major, ulong minor) =>
        (minor & 0xff) | ((major & 0xfff) << 8) | ((minor & ~0xffUL) << 12) | ((major & ~0xfffUL) << 32);

    /// <summary>Which kind of device it is; 0 for file systems that lie on none.</summary>
    /// <param name="device">The number.</param>
    public static uint Major(ulong device) => (uint)(((device >> 8) & 0xfff) | ((device >> 32) & ~0xfffUL));

    /// <summary>Which device of its kind it is.</summary>
    /// <param name="device">The number.</param>
    public static uint Minor(ulong device) => (uint)((device & 0xff) | ((device >> 12) & ~0xffUL));
}
