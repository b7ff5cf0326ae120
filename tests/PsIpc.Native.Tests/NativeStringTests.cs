using Xunit;

namespace PsIpc.Native.Tests;

public sealed class NativeStringTests
{
    [Theory]
    [InlineData(new byte[] { (byte)'a', 0xFF, (byte)'b' })]
    [InlineData(new byte[] { 0xC3, 0xA4 })]
    [InlineData(new byte[] { 0xF0, 0x9F, 0x8E, 0x89, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { })]
    public void Every_name_survives_the_way_to_a_string_and_back(byte[] name)
    {
        byte[] back = NativeString.Encode(NativeString.Decode(name));
        Assert.Equal([.. name, 0], back);
    }
}
