using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using PsIpc.Native.Interop;

namespace PsIpc.Native.Inventory;

/// <summary>
/// Names of users and groups, as getpwuid_r(3) and getgrgid_r(3) find them. Remembers what it has looked up: make one
/// for each listing, since the system's tables can change.
/// </summary>
public sealed class Accounts
{
    private const int Found = 0;

    // The fields of a line of passwd(5) and group(5).
    private const int NameField = 0;
    private const int IdField = 2;
    private const int MembersField = 3;
    private const int GecosField = 4;

    // By int: .NET has that dictionary compiled, one by uint it would compile in every process.
    private readonly Dictionary<int, string> _users = [];
    private readonly Dictionary<int, string> _groups = [];

    private unsafe delegate bool Lookup(byte* buffer, nuint length, out int error);

    /// <summary>The user whose rights this process has.</summary>
    public static uint CurrentUser => Libc.geteuid();

    /// <summary>A user's name; the number as text when there is none.</summary>
    /// <param name="uid">User id.</param>
    public string UserName(uint uid)
    {
        if (!_users.TryGetValue((int)uid, out string? name))
        {
            _users[(int)uid] = name = FindUserName(uid) ?? uid.ToString(CultureInfo.InvariantCulture);
        }

        return name;
    }

    /// <summary>A group's name; the number as text when there is none.</summary>
    /// <param name="gid">Group id.</param>
    public string GroupName(uint gid)
    {
        if (!_groups.TryGetValue((int)gid, out string? name))
        {
            _groups[(int)gid] = name = FindGroupName(gid) ?? gid.ToString(CultureInfo.InvariantCulture);
        }

        return name;
    }

    /// <summary>A user's id by name or number; null when there is no such name, or the number is none: (uid_t)-1 stands for "as it is" in chown(2).</summary>
    /// <param name="user">Name, or decimal number.</param>
    public static unsafe uint? FindUser(string user)
    {
        if (uint.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out uint number))
        {
            return number == uint.MaxValue ? null : number;
        }

        uint? result = null;
        byte[] name = NativeString.Encode(user);
        WithBuffer((byte* buffer, nuint length, out int error) =>
        {
            Libc.passwd entry;
            Libc.passwd* found;
            fixed (byte* bytes = name)
            {
                error = Libc.getpwnam_r(bytes, &entry, buffer, length, &found);
            }

            result = error == Found && found is not null ? entry.pw_uid : null;
            return result is not null;
        });
        return result;
    }

    /// <summary>A group's id by name or number; null when there is no such name.</summary>
    /// <param name="group">Name, or decimal number.</param>
    public static unsafe uint? FindGroup(string group)
    {
        if (uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out uint number))
        {
            return number == uint.MaxValue ? null : number;
        }

        uint? result = null;
        byte[] name = NativeString.Encode(group);
        WithBuffer((byte* buffer, nuint length, out int error) =>
        {
            Libc.group entry;
            Libc.group* found;
            fixed (byte* bytes = name)
            {
                error = Libc.getgrnam_r(bytes, &entry, buffer, length, &found);
            }

            result = error == Found && found is not null ? entry.gr_gid : null;
            return result is not null;
        });
        return result;
    }

    /// <summary>The users of this machine and what passwd(5) says of them; those of a directory service are not asked for, which could take long.</summary>
    public static IEnumerable<(string Name, string Description)> LocalUsers() =>
        Local("/etc/passwd").Select(fields => (fields[NameField], $"uid {fields[IdField]}{(fields.Length > GecosField && fields[GecosField].Length > 0 ? $", {fields[GecosField]}" : "")}"));

    /// <summary>The groups of this machine and their members, as group(5) has them.</summary>
    public static IEnumerable<(string Name, string Description)> LocalGroups() =>
        Local("/etc/group").Select(fields => (fields[NameField], $"gid {fields[IdField]}{(fields.Length > MembersField && fields[MembersField].Length > 0 ? $": {fields[MembersField]}" : "")}"));

    private static IEnumerable<string[]> Local(string file) =>
        File.ReadLines(file).Select(line => line.Split(':')).Where(fields => fields.Length > IdField && uint.TryParse(fields[IdField], NumberStyles.None, CultureInfo.InvariantCulture, out _));

    private static unsafe string? FindUserName(uint uid)
    {
        string? name = null;
        WithBuffer((byte* buffer, nuint length, out int error) =>
        {
            Libc.passwd entry;
            Libc.passwd* found;
            error = Libc.getpwuid_r(uid, &entry, buffer, length, &found);
            name = error == Found && found is not null ? NativeString.Decode(entry.pw_name) : null;
            return name is not null;
        });
        return name;
    }

    private static unsafe string? FindGroupName(uint gid)
    {
        string? name = null;
        WithBuffer((byte* buffer, nuint length, out int error) =>
        {
            Libc.group entry;
            Libc.group* found;
            error = Libc.getgrgid_r(gid, &entry, buffer, length, &found);
            name = error == Found && found is not null ? NativeString.Decode(entry.gr_name) : null;
            return name is not null;
        });
        return name;
    }

    /// <summary>Repeats a look-up with a larger buffer as long as it says ERANGE: a group may have any number of members.</summary>
    private static unsafe void WithBuffer(Lookup lookup)
    {
        for (int length = 1024; ; length *= 4)
        {
            byte[] buffer = new byte[length];
            fixed (byte* bytes = buffer)
            {
                if (lookup(bytes, (nuint)length, out int error) || (Errno)error != Errno.ERANGE)
                {
                    return;
                }
            }
        }
    }
}
