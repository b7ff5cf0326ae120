using System.Collections.Generic;
using System.Linq;
using System.Text;
using PsIpc.Native.Streams;
using PsIpc.Native.Tests.Support;
using PsIpc.Native.Waiting;
using Xunit;

namespace PsIpc.Native.Tests.Streams;

public sealed class LineReaderTests
{
    public static TheoryData<string> Encodings => ["utf-8", "iso-8859-1", "us-ascii", "utf-16", "utf-16BE", "utf-32", "utf-32BE"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Lines_come_out_however_the_bytes_are_cut(string name)
    {
        Encoding encoding = Encoding.GetEncoding(name);
        string high = encoding.IsSingleByte ? "!" : "äöü €\u0A0Aक 𝄞𝄞"; // U+0A0A and U+0A15 hold bytes of a newline in UTF-16
        string[] lines = ["one", "", high, new string('x', 200), "carriage\rreturn", " ", "end" + high];
        byte[] bytes = encoding.GetBytes(string.Join('\n', lines) + "\n");
        foreach (int piece in (int[])[1, 2, 3, 5, 7, 64, bytes.Length])
        {
            Assert.Equal(lines, Lines(bytes, piece, encoding, out string? rest));
            Assert.Null(rest);
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void One_carriage_return_before_the_newline_is_dropped_and_a_last_line_without_newline_is_the_rest(string name)
    {
        Encoding encoding = Encoding.GetEncoding(name);
        Assert.Equal(["a", "\rb", "\r", ""], Lines(encoding.GetBytes("a\r\n\rb\n\r\r\n\r\nrest\r"), 1, encoding, out string? rest));
        Assert.Equal("rest", rest);
        Assert.Equal(["a"], Lines(encoding.GetBytes("a\n"), 1, encoding, out rest));
        Assert.Null(rest);
    }

    [Fact]
    public void What_is_no_text_becomes_a_replacement_and_a_NUL_stays()
    {
        Assert.Equal(["a\uFFFDb\0c", "\uFFFD"], Lines([(byte)'a', 0xFF, (byte)'b', 0, (byte)'c', (byte)'\n', 0xE2, 0x82, (byte)'\n', 0xC3], 2, Encoding.UTF8, out string? rest));
        Assert.Equal("\uFFFD", rest);
    }

    [Fact]
    public void A_long_line_is_searched_once_and_may_be_bounded()
    {
        byte[] bytes = Encoding.ASCII.GetBytes(new string('x', 3_000_000) + "\ny\n");
        Assert.Equal([3_000_000, 1], Lines(bytes, 4096, Encoding.ASCII, out _).Select(line => line.Length));
        Assert.Equal(["12345", "6"], Lines("12345\n6\n"u8.ToArray(), 1, Encoding.ASCII, out _, maxLength: 5));
        Assert.Equal(("read(line)", Errno.EMSGSIZE), ByteStreamTests.Failure(() => Lines("12345\n"u8.ToArray(), 100, Encoding.ASCII, out _, maxLength: 4)));
        Assert.Equal(("read(line)", Errno.EMSGSIZE), ByteStreamTests.Failure(() => Lines("12345"u8.ToArray(), 1, Encoding.ASCII, out _, maxLength: 4)));
    }

    [Fact]
    public void What_one_reader_has_read_too_much_is_the_next_ones()
    {
        using TestPipe pipe = new();
        using Waiter waiter = new();
        pipe.Write("one\ntwo\nthree\nrest", Deadline.Infinite);
        StreamInput input = new();
        LineFormat format = new(Encoding.UTF8);
        Assert.Equal(WaitStatus.Done, input.Fill(pipe.Reader, 100, waiter, Deadline.Infinite, out _));
        Assert.True(new LineReader(input, format, 100).TryTake(out string? line));
        Assert.Equal("one", line);
        LineReader second = new(input, format, 100);
        Assert.True(second.TryTake(out line));
        Assert.Equal("two", line);
        second.PutBack();
        Assert.True(second.TryTake(out line));
        Assert.Equal("two", line);
        Assert.Equal("three\nrest", TestPipe.Text(input.Available));
        input.Skip(6);
        Assert.False(second.TryTake(out _));
        Assert.Equal("rest", second.TakeRest());
        Assert.Null(second.TakeRest());
    }

    private static List<string> Lines(byte[] bytes, int piece, Encoding encoding, out string? rest, int maxLength = int.MaxValue)
    {
        using TestPipe pipe = new();
        using Waiter waiter = new();
        Worker<WaitStatus> writer = Worker<WaitStatus>.Start(() =>
        {
            using Waiter own = new();
            try
            {
                return pipe.Writer.Write(bytes, own, Deadline.Infinite, out _);
            }
            catch (IpcException)
            {
                return WaitStatus.Cancelled; // the reader refused the rest
            }
            finally
            {
                pipe.WriteEnd.Dispose();
            }
        });
        StreamInput input = new();
        LineReader reader = new(input, new LineFormat(encoding), maxLength);
        List<string> lines = [];
        try
        {
            do
            {
                while (reader.TryTake(out string? line))
                {
                    lines.Add(line);
                }

                Assert.Equal(WaitStatus.Done, input.Fill(pipe.Reader, piece, waiter, Deadline.Infinite, out int count));
                if (count == 0)
                {
                    break;
                }
            }
            while (true);
            rest = reader.TakeRest();
            return lines;
        }
        finally
        {
            pipe.ReadEnd.Dispose();
            _ = writer.Result();
        }
    }
}
