using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using PsIpc.Native.Interop;
using PsIpc.Native.Tests.Support;

namespace PsIpc.Native.Tests.Abi;

/// <summary>
/// Writes C that asserts all that Interop claims: every struct, field and constant that reflection finds there, so that
/// none can be forgotten, and every pair of numbers that differ between the machines.
/// </summary>
internal static partial class AbiAssertions
{
    /// <summary>Where the C name is not "struct NAME".</summary>
    private static readonly Dictionary<string, string> TypeNames = new()
    {
        ["sigaction_t"] = "struct sigaction",
        ["sigset_t"] = "sigset_t",
        ["siginfo_t"] = "siginfo_t",
        ["posix_spawnattr_t"] = "posix_spawnattr_t",
        ["posix_spawn_file_actions_t"] = "posix_spawn_file_actions_t",
        ["statfs_buf"] = "struct statfs",
        ["statx_buf"] = "struct statx",
        ["flock_t"] = "struct flock",
        ["semid_ds_x64"] = "struct semid_ds",
        ["semid_ds_arm64"] = "struct semid_ds",
        ["epoll_event_x64"] = "struct epoll_event",
        ["epoll_event_arm64"] = "struct epoll_event",
    };

    /// <summary>Where a constant is no macro of its name.</summary>
    private static readonly Dictionary<string, string> ConstantNames = new()
    {
        ["dirent_d_name"] = "offsetof(struct dirent, d_name)",
        ["sem_t_size"] = "sizeof(sem_t)",
        ["dirent_d_type"] = "offsetof(struct dirent, d_type)",
    };

    /// <summary>In no header of the C library or the kernel, or only in those of Linux 6.3: tests see them at work.</summary>
    private static readonly HashSet<string> InNoHeader = ["MQUEUE_MAGIC", "MFD_NOEXEC_SEAL", "MFD_EXEC"];

    /// <summary>Macros of headers newer than many systems have (Linux 6.3, 6.18): compared where they are.</summary>
    private static readonly HashSet<string> InNewHeaders = ["MFD_NOEXEC_SEAL", "MFD_EXEC", "NS_GET_ID"];

    /// <summary>A C# name for a C type without fields of its own.</summary>
    private static readonly HashSet<string> Opaque = ["sigset_t.first", "posix_spawnattr_t._opaque", "posix_spawn_file_actions_t._opaque"];

    /// <summary>The machine a struct is for, where there is one for each.</summary>
    private static readonly Dictionary<string, string> Machines = new()
    {
        ["epoll_event_x64"] = "defined(__x86_64__)",
        ["epoll_event_arm64"] = "defined(__aarch64__)",
        ["semid_ds_x64"] = "defined(__x86_64__)",
        ["semid_ds_arm64"] = "defined(__aarch64__)",
    };

    /// <summary>The kernel's own, missing from musl's headers: 1.2.5 brings statx, none has the rest. The other compilers prove them.</summary>
    private static readonly HashSet<string> NotInMusl =
    [
        "statx_timestamp", "statx_buf", "STATX_BASIC_STATS", "STATX_MNT_ID", "RENAME_NOREPLACE", "FSOPEN_CLOEXEC", "FSCONFIG_CMD_CREATE", "FSMOUNT_CLOEXEC",
        "HUGETLBFS_MAGIC", "MSG_COPY", "NETLINK_SOCK_DIAG", "SOCK_DIAG_BY_FAMILY", "NLM_F_REQUEST", "NLM_F_DUMP", "NLM_F_DUMP_INTR", "NLMSG_ERROR", "NLMSG_DONE",
        "UDIAG_SHOW_NAME", "UDIAG_SHOW_VFS", "UDIAG_SHOW_PEER", "UDIAG_SHOW_RQLEN", "UDIAG_SHOW_UID",
        "UNIX_DIAG_NAME", "UNIX_DIAG_VFS", "UNIX_DIAG_PEER", "UNIX_DIAG_RQLEN", "UNIX_DIAG_UID", "NS_GET_ID",
        "FUTEX_WAIT", "FUTEX_LOCK_PI", "FUTEX_WAIT_BITSET", "FUTEX_LOCK_PI2", "FUTEX_PRIVATE_FLAG", "FUTEX_CLOCK_REALTIME",
        "RWF_NOWAIT", "O_ACCMODE", // which has O_PATH in it there: what F_GETFL gives is the kernel's
        "nlmsghdr", "nlattr", "unix_diag_req", "unix_diag_msg", "unix_diag_vfs", "unix_diag_rqlen",
    ];

    /// <summary>The kernel writes 16 bits and 16 zeros, which glibc and musl declare in their own ways.</summary>
    private static readonly HashSet<string> LengthDiffersInMusl =
        ["ipc_perm.__seq", "semid_ds_x64.sem_nsems", "msghdr.msg_iovlen", "msghdr.msg_controllen", "cmsghdr.cmsg_len"];

    internal static IReadOnlyList<Type> Structs { get; } =
        [.. typeof(Libc).GetNestedTypes(BindingFlags.NonPublic | BindingFlags.Public)
            .Where(type => type.IsValueType && !type.IsEnum && !type.Name.Contains('<', StringComparison.Ordinal))];

    internal static IReadOnlyList<FieldInfo> Constants { get; } =
        [.. typeof(Libc).GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
            .Where(field => (field.IsLiteral || (field.IsInitOnly && field.FieldType == typeof(nint) && !field.Name.StartsWith("SYS_", StringComparison.Ordinal)))
                && field.FieldType != typeof(string))];

    /// <summary>Names with their value on x64 and on arm64, from the source.</summary>
    internal static IReadOnlyList<(string Name, long X64, long Arm64)> Pairs { get; } =
        [.. Repository.Files("src/PsIpc.Native/Interop", "*.cs").SelectMany(path => Pair().Matches(File.ReadAllText(path)))
            .Select(match => (match.Groups[1].Value, Number(match.Groups[2].Value), Number(match.Groups[3].Value)))];

    internal static string Source()
    {
        StringBuilder source = new("#include \"abi.h\"\n");
        foreach (Type type in Structs)
        {
            string conditions = string.Join(" && ", Conditions(type.Name));
            source.Append(CultureInfo.InvariantCulture, $"#if {conditions}\n");
            WriteStruct(source, type);
            source.Append("#endif\n");
        }

        foreach (FieldInfo constant in Constants.Where(constant => !InNoHeader.Contains(constant.Name)))
        {
            string name = ConstantNames.GetValueOrDefault(constant.Name, constant.Name);
            long value = Convert.ToInt64(constant.GetValue(null) is nint pointer ? (long)pointer : constant.GetValue(null), CultureInfo.InvariantCulture);
            source.Append(CultureInfo.InvariantCulture, $"#if {string.Join(" && ", Conditions(constant.Name))}\nIS_VALUE({name}, {value}LL);\n#endif\n");
        }

        foreach (Errno errno in Enum.GetValues<Errno>())
        {
            source.Append(CultureInfo.InvariantCulture, $"IS_VALUE({errno}, {(int)errno});\n");
        }

        foreach ((string name, long x64, long arm64) in Pairs)
        {
            source.Append(CultureInfo.InvariantCulture,
                $"#if defined(__x86_64__)\nIS_VALUE({name}, {x64});\n#else\nIS_VALUE({name}, {arm64});\n#endif\n");
        }

        return source.ToString();
    }

    private static IEnumerable<string> Conditions(string name)
    {
        yield return Machines.GetValueOrDefault(name, "1");
        yield return InNewHeaders.Contains(name) ? $"defined({name})" : "1";
        yield return NotInMusl.Contains(name) ? "defined(__GLIBC__)" : "1";
    }

    private static void WriteStruct(StringBuilder source, Type type)
    {
        string c = TypeNames.GetValueOrDefault(type.Name, "struct " + type.Name);
        byte[] empty = Bytes(type, null, null);
        source.Append(CultureInfo.InvariantCulture, $"HAS_SIZE({c}, {empty.Length});\n");
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public))
        {
            string name = $"{type.Name}.{field.Name}";
            if (Opaque.Contains(name))
            {
                continue;
            }

            byte[] marked = Bytes(type, field, AllOnes(field.FieldType));
            int offset = Array.IndexOf(marked, (byte)0xFF);
            int length = marked.Count(one => one == 0xFF);
            source.Append(CultureInfo.InvariantCulture, $"AT_OFFSET({c}, {field.Name}, {offset});\n");
            string assertion = string.Create(CultureInfo.InvariantCulture, $"HAS_LENGTH({c}, {field.Name}, {length});\n");
            source.Append(LengthDiffersInMusl.Contains(name) ? $"#ifdef __GLIBC__\n{assertion}#endif\n" : assertion);
        }
    }

    /// <summary>A struct's bytes with one field filled: where it lies is measured, not read from attributes.</summary>
    private static byte[] Bytes(Type type, FieldInfo? field, object? value)
    {
        object instance = Activator.CreateInstance(type)!;
        field?.SetValue(instance, value);
        return (byte[])typeof(AbiAssertions).GetMethod(nameof(Copy), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(type).Invoke(null, [instance])!;
    }

    private static unsafe object AllOnes(Type type) => type.IsPointer
        ? Pointer.Box((void*)-1, type)
        : typeof(AbiAssertions).GetMethod(nameof(Filled), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type).Invoke(null, null)!;

    private static unsafe byte[] Copy<T>(T value)
        where T : unmanaged => new Span<byte>(&value, sizeof(T)).ToArray();

    private static unsafe T Filled<T>()
        where T : unmanaged
    {
        T value;
        Unsafe.InitBlock(&value, 0xFF, (uint)sizeof(T));
        return value;
    }

    private static long Number(string text) => text.StartsWith("0x", StringComparison.Ordinal)
        ? long.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        : long.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\w+) = PerMachine\(x64: (\w+), arm64: (\w+)\)")]
    private static partial Regex Pair();
}
