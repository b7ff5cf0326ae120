using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace PsIpc.Native.Memory;

/// <summary>Fields one after the other as C compilers for 64-bit Linux lay out a struct: each at a multiple of its alignment, unless packed.</summary>
public sealed partial class MemoryLayout
{
    private const int MaxSize = int.MaxValue;
    private readonly List<MemoryField> _fields = [];

    private MemoryLayout(bool isPacked) => IsPacked = isPacked;

    /// <summary>Whether there is no room between the fields: __attribute__((packed)).</summary>
    public bool IsPacked { get; }

    /// <summary>The fields, in their order.</summary>
    public IReadOnlyList<MemoryField> Fields => _fields;

    /// <summary>Bytes, those after the last field included that make it a multiple of the alignment: sizeof.</summary>
    public long Size { get; private set; }

    /// <summary>What its address is to be a multiple of.</summary>
    public int Alignment { get; private set; } = 1;

    /// <summary>Makes a layout of declarations.</summary>
    /// <param name="declarations">
    /// Names with what they are: the name of a type, with [n] for n values of it; or again such declarations, for a layout within the layout, of which n
    /// follow one another when its name ends in [n].
    /// </param>
    /// <param name="isPacked">Whether to leave no room between the fields.</param>
    /// <exception cref="MemoryLayoutException">It is none.</exception>
    public static MemoryLayout Of(IReadOnlyList<KeyValuePair<string, object?>> declarations, bool isPacked)
    {
        ArgumentNullException.ThrowIfNull(declarations);
        MemoryLayout layout = new(isPacked);
        foreach ((string name, object? declaration) in declarations)
        {
            layout.Add(name, declaration);
        }

        if (layout._fields.Count == 0)
        {
            throw new MemoryLayoutException(MemoryLayoutFault.Empty, "");
        }

        layout.Size = Aligned(layout.Size, layout.Alignment);
        return layout;
    }

    /// <summary>Reads declarations as C has them: int64 Count; char Name[32]; double Samples[100].</summary>
    /// <param name="text">Declarations, between semicolons.</param>
    /// <param name="isPacked">Whether to leave no room between the fields.</param>
    /// <exception cref="MemoryLayoutException">It is none.</exception>
    public static MemoryLayout Parse(string text, bool isPacked)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<KeyValuePair<string, object?>> declarations = [];
        foreach (string part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            Match match = Declaration.Match(part);
            declarations.Add(match.Success
                ? new(match.Groups["name"].Value, match.Groups["type"].Value + match.Groups["count"].Value)
                : throw new MemoryLayoutException(MemoryLayoutFault.Type, part));
        }

        return Of(declarations, isPacked);
    }

    /// <summary>The field of a name, in whatever case; null when there is none.</summary>
    /// <param name="name">Its name.</param>
    public MemoryField? Find(string name) => _fields.FirstOrDefault(field => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>What a path leads to, as a field of this layout: Count, Point.X, Samples[2], Points[1].X. Null when there is none.</summary>
    /// <param name="path">Names in whatever case, between points, each with the index where it has several values.</param>
    public MemoryField? Locate(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        int point = path.IndexOf('.', StringComparison.Ordinal);
        Match step = Step.Match(point < 0 ? path : path[..point]);
        MemoryField? field = step.Success ? Find(step.Groups["name"].Value) : null;
        if (step.Groups["index"] is { Success: true } digits)
        {
            field = int.TryParse(digits.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < field?.Count ? field.Element(index) : null;
        }

        return point < 0 || field is null ? field
            : field is { Count: null, Layout: { } layout } && layout.Locate(path[(point + 1)..]) is { } inner ? Within(field, inner)
            : null;
    }

    /// <summary>The single values, with names and offsets as <see cref="Locate"/> has them; text is one value. There may be very many.</summary>
    /// <param name="most">Of arrays with more elements than this, the first stands for all.</param>
    public IEnumerable<MemoryField> Singles(int most)
    {
        foreach (MemoryField field in _fields)
        {
            IEnumerable<MemoryField> elements = field is { Count: { } count, Type: not { IsText: true } }
                ? Enumerable.Range(0, count <= most ? count : 1).Select(field.Element)
                : [field];
            foreach (MemoryField single in elements.SelectMany(one => one.Layout?.Singles(most).Select(inner => Within(one, inner)) ?? [one]))
            {
                yield return single;
            }
        }
    }

    /// <summary>All fields, those of layouts within after the field that they are in, with names like Point.X and offsets from the beginning of this one.</summary>
    public IEnumerable<(string Path, long Offset, MemoryField Field)> Flatten()
    {
        foreach (MemoryField field in _fields)
        {
            yield return (field.Name, field.Offset, field);
            foreach ((string path, long offset, MemoryField inner) in field.Layout?.Flatten() ?? [])
            {
                yield return ($"{field.Name}{(field.Count is null ? "" : "[0]")}.{path}", field.Offset + offset, inner);
            }
        }
    }

    private static MemoryField Within(MemoryField outer, MemoryField inner) => inner with { Name = $"{outer.Name}.{inner.Name}", Offset = outer.Offset + inner.Offset };

    private static long Aligned(long offset, int alignment) => (offset + alignment - 1) / alignment * alignment;

    [GeneratedRegex(@"^(?<type>[A-Za-z_][\w \t]*?)\s+(?<name>[A-Za-z_]\w*)\s*(?<count>\[.*\])?$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Declaration { get; }

    [GeneratedRegex(@"^\s*(?<name>.*?)\s*(?:\[\s*(?<count>.*?)\s*\])?\s*$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex WithCount { get; }

    [GeneratedRegex(@"^(?<name>\w+)(?:\[(?<index>[0-9]+)\])?$", RegexOptions.CultureInvariant)]
    private static partial Regex Step { get; }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier { get; }

    private static (string Name, int? Count) Split(string text)
    {
        Match match = WithCount.Match(text);
        return (match.Groups["name"].Value, match.Groups["count"] is { Success: true } count ? CountOf(count.Value, text) : null);
    }

    private static int CountOf(string digits, string text) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? count
            : throw new MemoryLayoutException(digits.Contains(']', StringComparison.Ordinal) ? MemoryLayoutFault.Dimensions : MemoryLayoutFault.Count, text);

    private void Add(string name, object? declaration)
    {
        MemoryType? type = null;
        MemoryLayout? inner = null;
        int? count = null;
        string identifier = name;
        if (declaration is IReadOnlyList<KeyValuePair<string, object?>> { } declarations)
        {
            (identifier, count) = Split(name);
            inner = Of(declarations, IsPacked);
        }
        else
        {
            string text = declaration as string ?? throw new MemoryLayoutException(MemoryLayoutFault.Type, Convert.ToString(declaration, CultureInfo.InvariantCulture) ?? "");
            (string typeName, count) = Split(text);
            type = MemoryType.Find(typeName) ?? throw new MemoryLayoutException(MemoryLayoutFault.Type, text);
        }

        if (!Identifier.IsMatch(identifier))
        {
            throw new MemoryLayoutException(MemoryLayoutFault.Name, identifier);
        }

        if (Find(identifier) is not null)
        {
            throw new MemoryLayoutException(MemoryLayoutFault.Duplicate, identifier);
        }

        int alignment = IsPacked ? 1 : inner?.Alignment ?? type!.Size;
        MemoryField field = new() { Name = identifier, Type = type, Layout = inner, Count = count, Offset = Aligned(Size, alignment) };
        Alignment = Math.Max(Alignment, alignment);
        Size = field.Offset + field.Size;
        if (Size > MaxSize)
        {
            throw new MemoryLayoutException(MemoryLayoutFault.TooLarge, identifier);
        }

        _fields.Add(field);
    }
}
