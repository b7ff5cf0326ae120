using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using PsIpc.Native.Streams;
using Xunit;

namespace PsIpc.Native.Tests.Streams;

public sealed class TextDecoderTests
{
    public static TheoryData<string, string> Texts => new()
    {
        { "utf-8", "aé€𝄞" },
        { "utf-16", "aé€𝄞" },
        { "utf-16BE", "aé€𝄞" },
        { "utf-32", "a𝄞" },
        { "iso-8859-1", "aé" },
        { "windows-1252", "aé€" },
        { "shift_jis", "日本aｱ語" },
        { "euc-jp", "日本a語" },
        { "big5", "日本a語" },
        { "gb2312", "日本a語" },
        { "gb18030", "日aé本𝄞語" },
        { "ks_c_5601-1987", "한a글" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_character_that_is_cut_off_is_left_for_later(string name, string text)
    {
        Encoding encoding = Get(name);
        byte[] bytes = encoding.GetBytes(text);
        HashSet<int> whole = [0];
        for (int i = 0; i < text.Length; i++)
        {
            i += char.IsHighSurrogate(text[i]) ? 1 : 0;
            whole.Add(encoding.GetByteCount(text[..(i + 1)]));
        }

        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(whole.Where(length => length <= cut).Max(), new TextDecoder(encoding).WholeCharacters(bytes.AsSpan(0, cut)));
        }
    }

    /// <summary>Shift sequences go from piece to piece, and are not cut, either.</summary>
    [Theory]
    [MemberData(nameof(Texts))]
    [InlineData("iso-2022-jp", "ab日本cd語")]
    [InlineData("iso-2022-kr", "ab한cd글")]
    public void Pieces_of_any_length_give_the_same_text(string name, string text)
    {
        Encoding encoding = Get(name);
        byte[] bytes = encoding.GetBytes(string.Concat(Enumerable.Repeat(text, 3)));
        for (int piece = 1; piece <= bytes.Length; piece++)
        {
            TextDecoder decoder = new(encoding);
            StringBuilder all = new();
            int taken = 0;
            for (int there = piece; taken < bytes.Length; there += piece)
            {
                bool isLast = there >= bytes.Length;
                ReadOnlySpan<byte> available = bytes.AsSpan(taken, Math.Min(there, bytes.Length) - taken);
                int whole = isLast ? available.Length : decoder.WholeCharacters(available);
                all.Append(decoder.Decode(available[..whole], isLast));
                taken += whole;
            }

            Assert.Equal(encoding.GetString(bytes), all.ToString());
        }
    }

    [Fact]
    public void What_never_was_a_character_waits_for_nothing()
    {
        TextDecoder decoder = new(Encoding.UTF8);
        Assert.Equal(4, decoder.WholeCharacters([0x80, 0x80, 0x80, 0x80]));
        Assert.Equal(1, decoder.WholeCharacters([0xFF - 0x80]));
    }

    [Fact]
    public void Shift_sequences_without_end_are_kept_back_whole()
    {
        byte[] shifts = [.. "a"u8, .. Enumerable.Repeat("\e$B\e(B"u8.ToArray(), 1000).SelectMany(one => one)];
        Assert.Equal(1, new TextDecoder(Get("iso-2022-jp")).WholeCharacters(shifts));
    }

    private static Encoding Get(string name) => CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
}
