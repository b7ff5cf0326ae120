using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using PsIpc.Native.Memory;
using PsIpc.Native.Tests.Support;
using Xunit;

namespace PsIpc.Native.Tests.Memory;

/// <summary>Layouts are those of the C compiler.</summary>
public sealed class MemoryLayoutTests
{
    private static readonly (string Name, string C)[] Types =
    [
        ("int8", "int8_t"), ("uint8", "uint8_t"), ("int16", "int16_t"), ("uint16", "uint16_t"), ("int32", "int32_t"), ("uint32", "uint32_t"),
        ("int64", "int64_t"), ("uint64", "uint64_t"), ("float32", "float"), ("float64", "double"), ("bool", "_Bool"), ("char", "char"),
        ("long", "long"), ("unsigned  short", "unsigned short"), ("size_t", "size_t"),
    ];

    [Theory]
    [InlineData("a", "a", "int8", 0)]
    [InlineData("B[2]", "b[2]", "int32", 12)]
    [InlineData("q[1]", "q[1]", "struct", 32)]
    [InlineData("q[1].y[1]", "q[1].y[1]", "int64", 40)]
    [InlineData("q[0].y", "q[0].y", "int64[2]", 16)]
    [InlineData("t", "t", "char[4]", 48)]
    [InlineData("b[3]", null, null, 0)]
    [InlineData("a[0]", null, null, 0)]
    [InlineData("q.y", null, null, 0)]
    [InlineData("q[1].", null, null, 0)]
    [InlineData("a.y", null, null, 0)]
    [InlineData("", null, null, 0)]
    public void A_path_leads_to_a_field_at_its_offset(string path, string? name, string? type, long offset)
    {
        MemoryLayout layout = Nested();
        MemoryField? field = layout.Locate(path);
        Assert.Equal((name, type, offset), (field?.Name, field?.TypeName, field?.Offset ?? 0));
    }

    [Fact]
    public void Single_values_are_listed_with_paths_that_lead_to_them()
    {
        MemoryLayout layout = Nested();
        Assert.Equal(["a", "b[0]", "b[1]", "b[2]", "q[0].y[0]", "q[0].y[1]", "q[1].y[0]", "q[1].y[1]", "t"], layout.Singles(16).Select(field => field.Name));
        Assert.Equal(["a", "b[0]", "q[0].y[0]", "q[0].y[1]", "q[1].y[0]", "q[1].y[1]", "t"], layout.Singles(2).Select(field => field.Name));
        Assert.All(layout.Singles(16), field => Assert.Equal(field, layout.Locate(field.Name)));
    }

    [Theory]
    [InlineData("gcc", false)]
    [InlineData("gcc", true)]
    [InlineData("aarch64-linux-gnu-gcc", false)]
    [InlineData("aarch64-linux-gnu-gcc", true)]
    public void Hundreds_of_layouts_are_those_of_C(string compiler, bool packed)
    {
        string path = Require.Tool(compiler);
        Random random = new(20261121);
        StringBuilder source = new("#include <stddef.h>\n#include <stdint.h>\n#include <sys/types.h>\n");
        for (int number = 0; number < 200; number++)
        {
            StringBuilder body = new();
            MemoryLayout layout = MemoryLayout.Of(Make(random, body, 0, packed), packed);
            string attribute = packed ? " __attribute__((packed))" : "";
            source.Append(CultureInfo.InvariantCulture, $"struct s{number} {{ {body} }}{attribute};\n");
            source.Append(CultureInfo.InvariantCulture, $"_Static_assert(sizeof(struct s{number}) == {layout.Size}, \"size {number}\");\n");
            source.Append(CultureInfo.InvariantCulture, $"_Static_assert(_Alignof(struct s{number}) == {layout.Alignment}, \"alignment {number}\");\n");
            foreach ((string field, long offset, _) in layout.Flatten())
            {
                source.Append(CultureInfo.InvariantCulture, $"_Static_assert(offsetof(struct s{number}, {field}) == {offset}, \"{number} {field}\");\n");
            }
        }

        string file = Scratch.File($"layouts-{compiler}-{packed}.c");
        File.WriteAllText(file, source.ToString());
        Peer.Run(path, "-std=gnu11", "-fsyntax-only", file);
    }

    [Fact]
    public void C_text_says_the_same()
    {
        MemoryLayout layout = MemoryLayout.Parse("int64 Count; char Name[32];\n unsigned int  flags ;double Samples[ 100 ]", isPacked: false);
        Assert.Equal(
            ["Count int64 0", "Name char[32] 8", "flags uint32 40", "Samples float64[100] 48"],
            layout.Fields.Select(field => $"{field.Name} {field.TypeName} {field.Offset}"));
        Assert.Equal(848, layout.Size);
        Assert.Equal("Samples", layout.Find("SAMPLES")!.Name);
    }

    [Theory]
    [InlineData("", MemoryLayoutFault.Empty)]
    [InlineData(" ; ", MemoryLayoutFault.Empty)]
    [InlineData("int", MemoryLayoutFault.Type)]
    [InlineData("nothing x", MemoryLayoutFault.Type)]
    [InlineData("int x; int X", MemoryLayoutFault.Duplicate)]
    [InlineData("int x[0]", MemoryLayoutFault.Count)]
    [InlineData("int x[-1]", MemoryLayoutFault.Count)]
    [InlineData("int x[]", MemoryLayoutFault.Count)]
    [InlineData("int x[99999999999]", MemoryLayoutFault.Count)]
    [InlineData("int x[2147483647]", MemoryLayoutFault.TooLarge)]
    public void What_is_no_layout_is_refused(string text, MemoryLayoutFault fault) =>
        Assert.Equal(fault, Assert.Throws<MemoryLayoutException>(() => MemoryLayout.Parse(text, isPacked: false)).Fault);

    [Fact]
    public void Declarations_that_are_none_are_refused()
    {
        Assert.Equal(MemoryLayoutFault.Name, Fault(new("a.b", "int32")));
        Assert.Equal(MemoryLayoutFault.Name, Fault(new("", "int32")));
        Assert.Equal(MemoryLayoutFault.Type, Fault(new("a", null)));
        Assert.Equal(MemoryLayoutFault.Type, Fault(new("a", 5)));
        Assert.Equal(MemoryLayoutFault.Empty, Fault(new("a", Array.Empty<KeyValuePair<string, object?>>())));

        static MemoryLayoutFault Fault(KeyValuePair<string, object?> declaration) =>
            Assert.Throws<MemoryLayoutException>(() => MemoryLayout.Of([declaration], isPacked: false)).Fault;
    }

    [Fact]
    public void Every_type_is_read_as_it_was_written()
    {
        foreach (MemoryType type in MemoryType.All.Where(type => !type.IsText))
        {
            byte[] bytes = new byte[2 * type.Size];
            object value = Convert.ChangeType(1, type.ClrType, CultureInfo.InvariantCulture);
            MemoryType.Write(value, bytes.AsSpan(type.Size));
            Assert.Equal(value, type.Read(bytes.AsSpan(type.Size)));
            Assert.Equal(value, type.ReadArray(bytes).GetValue(1));
            Assert.Equal(type.ClrType.MakeArrayType(), type.ReadArray(bytes).GetType());
            Assert.Same(type, MemoryType.Of(type.ClrType));
            Assert.All(type.Names, name => Assert.Same(type, MemoryType.Find(name.ToUpperInvariant())));
        }

        Assert.Null(MemoryType.Of(typeof(string)));
        Assert.Throws<ArgumentException>(() => MemoryType.Write("text", new byte[8]));
    }

    [Fact]
    public void A_struct_that_C_wrote_is_read()
    {
        using TemporaryMemory memory = new();
        MemoryLayout layout = MemoryLayout.Of(
            [
                new("Count", "int64"), new("Name", "char[32]"), new("Samples", "double[100]"),
                new("Points[3]", (KeyValuePair<string, object?>[])[new("X", "int32"), new("Y", "int16")]), new("Flag", "uint8"),
            ],
            isPacked: false);
        Assert.Equal(CPeer.Run("shmpeer.c", "write", memory.Path).Trim(), $"{layout.Size}");
        Assert.Equal(-5_000_000_000, Value("Count"));
        Assert.Equal(49.5, ((double[])Value("Samples"))[99]);
        Assert.Equal((byte)200, Value("Flag"));

        object Value(string name)
        {
            MemoryField field = layout.Find(name)!;
            byte[] bytes = new byte[field.Size];
            memory.Memory.Read(bytes, field.Offset);
            return field.Count is null ? field.Type!.Read(bytes) : field.Type!.ReadArray(bytes);
        }
    }

    private static List<KeyValuePair<string, object?>> Make(Random random, StringBuilder body, int depth, bool packed)
    {
        List<KeyValuePair<string, object?>> declarations = [];
        int fields = random.Next(1, 7);
        for (int i = 0; i < fields; i++)
        {
            string count = random.Next(3) == 0 ? $"[{random.Next(1, 9)}]" : "";
            if (depth < 2 && random.Next(5) == 0)
            {
                StringBuilder inner = new();
                declarations.Add(new($"f{i}{count}", Make(random, inner, depth + 1, packed)));
                body.Append(CultureInfo.InvariantCulture, $"struct {(packed ? "__attribute__((packed)) " : "")}{{ {inner} }} f{i}{count}; ");
            }
            else
            {
                (string name, string c) = Types[random.Next(Types.Length)];
                declarations.Add(new($"f{i}", name + count));
                body.Append(CultureInfo.InvariantCulture, $"{c} f{i}{count}; ");
            }
        }

        return declarations;
    }

    private static MemoryLayout Nested() => MemoryLayout.Of(
        [
            new("a", "int8"), new("b", "int32[3]"), new("q[2]", new KeyValuePair<string, object?>[] { new("y", "int64[2]") }), new("t", "char[4]"),
        ], isPacked: false);
}
