using System;
using System.Globalization;
using System.IO;
using System.Linq;
using PsIpc.Native.Inventory;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.Inventory;

public sealed class AccountsTests
{
    private const uint Unknown = 3_999_999_999;

    [Fact]
    public void Every_user_of_the_file_is_found_by_number_and_by_name()
    {
        Accounts accounts = new();
        string[][] users = Entries("/etc/passwd");
        Assert.NotEmpty(users);
        foreach (string[] user in users)
        {
            // Two names may have one number; the first of the file counts.
            string first = users.First(one => one[2] == user[2])[0];
            Assert.Equal(first, accounts.UserName(Number(user[2])));
            Assert.Equal(first, accounts.UserName(Number(user[2])));
            Assert.Equal(Number(user[2]), Accounts.FindUser(user[0]));
        }
    }

    [Fact]
    public void Every_group_of_the_file_is_found_by_number_and_by_name()
    {
        Accounts accounts = new();
        string[][] groups = Entries("/etc/group");
        foreach (string[] group in groups)
        {
            Assert.Equal(groups.First(one => one[2] == group[2])[0], accounts.GroupName(Number(group[2])));
            Assert.Equal(Number(group[2]), Accounts.FindGroup(group[0]));
        }
    }

    [Fact]
    public void Who_has_no_name_is_called_by_his_number()
    {
        Accounts accounts = new();
        Assert.Equal("3999999999", accounts.UserName(Unknown));
        Assert.Equal("3999999999", accounts.GroupName(Unknown));
        Assert.Equal(Unknown, Accounts.FindUser("3999999999"));
        Assert.Equal(Unknown, Accounts.FindGroup("3999999999"));
    }

    [Theory]
    [InlineData("no-such-name-here")]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("4294967296")]
    [InlineData("\uDCFF")]
    public void A_name_that_nobody_has_is_not_found(string name)
    {
        Assert.Null(Accounts.FindUser(name));
        Assert.Null(Accounts.FindGroup(name));
    }

    /// <summary>Its entry is longer than the first buffer: getgrgid_r says ERANGE.</summary>
    [Fact]
    public void A_group_of_many_members_is_found() => Child.Run(ManyMembers, MountOverEtcGroup());

    private static void ManyMembers()
    {
        Assert.Equal("crowd", new Accounts().GroupName(4242));
        Assert.Equal(4242u, Accounts.FindGroup("crowd"));
    }

    private static string[] MountOverEtcGroup()
    {
        Require.Root("unshare --mount");
        string members = string.Join(',', Enumerable.Range(0, 2000).Select(i => $"member{i}"));
        string file = Scratch.File("group");
        File.WriteAllText(file, $"root:x:0:\ncrowd:x:4242:{members}\n");
        return [Require.Tool("unshare"), "--mount", "sh", "-c", $"mount --bind {file} /etc/group && exec \"$@\"", "sh"];
    }

    private static uint Number(string text) => uint.Parse(text, CultureInfo.InvariantCulture);

    private static string[][] Entries(string file) =>
        [.. File.ReadLines(file).Where(line => line.Contains(':', StringComparison.Ordinal) && !line.StartsWith('#')).Select(line => line.Split(':'))];
}
