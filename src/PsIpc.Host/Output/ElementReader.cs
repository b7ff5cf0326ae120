using System;
using System.Net;

namespace PsIpc.Host.Output;

/// <summary>
/// Reads the elements and texts of the module's own XML files one after the other. .NET's XML reader costs more time at
/// the start than all the rest of a listing; these files use nothing but elements, attributes, texts and comments.
/// </summary>
internal ref struct ElementReader(ReadOnlySpan<char> xml)
{
    private ReadOnlySpan<char> _rest = xml;

    /// <summary>The element's name; empty at a text.</summary>
    internal ReadOnlySpan<char> Name { get; private set; }

    /// <summary>The text between two tags; empty at an element.</summary>
    internal ReadOnlySpan<char> Text { get; private set; }

    /// <summary>The attributes of an element, as they stand.</summary>
    internal ReadOnlySpan<char> Attributes { get; private set; }

    /// <summary>Whether it is the end of an element: &lt;/x&gt;.</summary>
    internal bool IsEnd { get; private set; }

    /// <summary>Goes to the next element or text; false at the end.</summary>
    internal bool Read()
    {
        while (!_rest.IsEmpty)
        {
            Name = Text = Attributes = "";
            IsEnd = false;
            if (_rest[0] != '<')
            {
                int length = _rest.IndexOf('<');
                Text = length < 0 ? _rest : _rest[..length];
                _rest = _rest[Text.Length..];
                if (!Text.Trim().IsEmpty)
                {
                    return true;
                }

                continue;
            }

            if (_rest.StartsWith("<!--"))
            {
                SkipPast("-->");
                continue;
            }

            if (_rest.StartsWith("<?") || _rest.StartsWith("<!"))
            {
                SkipPast(">");
                continue;
            }

            int end = _rest.IndexOf('>');
            if (end < 0)
            {
                return false;
            }

            ReadOnlySpan<char> tag = _rest[1..end];
            _rest = _rest[(end + 1)..];
            IsEnd = tag.StartsWith("/");
            tag = tag.Trim('/');
            int blank = tag.IndexOfAny(" \r\n\t");
            Name = blank < 0 ? tag : tag[..blank];
            Attributes = blank < 0 ? "" : tag[blank..];
            return true;
        }

        return false;
    }

    /// <summary>The value of an attribute; empty when it is not there.</summary>
    internal readonly string Attribute(string name)
    {
        int start = Attributes.IndexOf($" {name}=\"");
        if (start < 0)
        {
            return "";
        }

        ReadOnlySpan<char> value = Attributes[(start + name.Length + 3)..];
        int end = value.IndexOf('"');
        return Decode(end < 0 ? value : value[..end]);
    }

    /// <summary>The text up to the end of the element just begun.</summary>
    internal string ReadText()
    {
        string name = Name.ToString();
        string text = "";
        while (Read() && !(IsEnd && Name.SequenceEqual(name)))
        {
            text += Decode(Text);
        }

        return text;
    }

    private static string Decode(ReadOnlySpan<char> text) =>
        text.Contains('&') ? WebUtility.HtmlDecode(text.ToString()) : text.ToString();

    private void SkipPast(string mark)
    {
        int end = _rest.IndexOf(mark);
        _rest = end < 0 ? "" : _rest[(end + mark.Length)..];
    }
}
