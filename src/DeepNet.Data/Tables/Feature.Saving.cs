using System.Text.Json;

namespace DeepNet.Data.Tables;

internal sealed partial class Feature
{
    /// <summary>Reads what <see cref="Write(Utf8JsonWriter)"/> wrote.</summary>
    public Feature(JsonElement json, TableEncoding encoding)
    {
        this.encoding = encoding;
        Name = json.GetProperty("name").GetString() ?? throw new FormatException("a column has no name");
        IsNumber = !json.TryGetProperty("categories", out var categories);
        if (IsNumber)
        {
            Mean = Finite(json.GetProperty("mean"));
            Std = Finite(json.GetProperty("std"));
            if (Std <= 0) throw new FormatException($"the standard deviation of column '{Name}' is not positive");
            if (json.TryGetProperty("fill", out var number)) fill = Finite(number);
            return;
        }
        foreach (var category in categories.EnumerateArray())
        {
            if (category.GetString() is not { } name || !codes.TryAdd(name, codes.Count))
                throw new FormatException($"column '{Name}' has a category that is no text, or twice");
        }
        if (codes.Count == 0) throw new FormatException($"column '{Name}' has no categories");
        if (json.TryGetProperty("fill", out var text) && !codes.ContainsKey(fillText = text.GetString() ?? ""))
            throw new FormatException($"column '{Name}' is filled with what is none of its categories");
    }

    // Shortest digits that read back as the same number: nothing is lost.
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", Name);
        if (IsNumber)
        {
            json.WriteNumber("mean", Mean);
            json.WriteNumber("std", Std);
            if (!double.IsNaN(fill)) json.WriteNumber("fill", fill);
        }
        else
        {
            json.WriteStartArray("categories");
            foreach (string category in codes.Keys) json.WriteStringValue(category);
            json.WriteEndArray();
            if (fillText is not null) json.WriteString("fill", fillText);
        }
        json.WriteEndObject();
    }

    private double Finite(JsonElement json)
    {
        double value = json.GetDouble();
        return double.IsFinite(value) ? value : throw new FormatException($"column '{Name}' has a scale that is not finite");
    }
}
