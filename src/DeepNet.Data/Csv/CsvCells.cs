using System.Globalization;
using CsvHelper;

namespace DeepNet.Data.Csv;

/// <summary>The cells of a CSV file as text: one list a column, and the line of each row.</summary>
internal sealed class CsvCells
{
    /// <summary>The names of the columns in the order of the file, and which each is, from 0.</summary>
    public OrderedDictionary<string, int> Names { get; } = [];

    public char Separator { get; private set; }
    public List<List<string>> Columns { get; } = [];
    public List<int> Lines { get; } = [];

    public static CsvCells Read(CsvText text, CsvOptions options)
    {
        using var reader = CsvReader.Create(text.Bytes, new CsvReaderOptions
        {
            HasHeader = false,                                         // read here, so that its errors are reported like others
            Separator = options.Separator,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            PoolStrings = true,
        });
        var cells = new CsvCells();
        try
        {
            bool isFirst = true;
            while (reader.Read())
            {
                int line = checked((int)reader.LineNumber);
                if (isFirst) cells.Begin(text.Path, reader, line, options);
                if (!isFirst || !options.HasHeader) cells.Add(text.Path, reader, line);
                isFirst = false;
            }
            if (isFirst) throw DataFormatException.AtCell(text.Path, 1, 1, "the file is empty.");
        }
        catch (CsvFormatException e)
        {
            throw text.Damaged(e.ByteOffset, SeparatorOf(reader), e.Message, e);
        }
        cells.Separator = reader.Separator;
        if (cells.Lines.Count == 0) throw DataFormatException.AtCell(text.Path, 1, 1, "there is a header, and no row follows.");
        return cells;
    }

    private static byte SeparatorOf(CsvReader reader)
    {
        try
        {
            return (byte)reader.Separator;
        }
        catch (CsvFormatException)
        {
            // the very header is malformed, and the separator was to be found there
            return (byte)',';
        }
    }

    private void Begin(string path, CsvReader reader, int line, CsvOptions options)
    {
        if (reader.FieldCount > options.Limits.MaxColumns)
            throw DataFormatException.AtCell(path, line, options.Limits.MaxColumns + 1,
                $"there are {reader.FieldCount} columns, and {nameof(DataLimits)}.{nameof(DataLimits.MaxColumns)} is "
                    + $"{options.Limits.MaxColumns}.");
        for (int i = 0; i < reader.FieldCount; i++)
        {
            string name = options.HasHeader ? reader.GetString(i).Trim() : string.Create(CultureInfo.InvariantCulture, $"c{i + 1}");
            if (name.Length == 0) throw DataFormatException.AtCell(path, line, i + 1, "the column has no name.");
            if (!Names.TryAdd(name, i))
                throw DataFormatException.AtCell(
                    path, line, i + 1, $"there is a column called '{TableColumn.Short(name)}' already, column {Names[name] + 1}.");
            Columns.Add([]);
        }
        if (options.HasHeader && Names.Keys.All(name => double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
            throw DataFormatException.AtCell(
                path, line, 1, "all columns have numbers as names. If the file has no header, set HasHeader = false.");
    }

    private void Add(string path, CsvReader reader, int line)
    {
        if (reader.FieldCount != Names.Count)
            throw DataFormatException.AtCell(path, line, Math.Min(reader.FieldCount, Names.Count) + 1,
                $"the row has {reader.FieldCount} cells, and there are {Names.Count} columns. Is a separator missing, or one in a text "
                    + "without quotes? "
                + $"The separator is '{Shown(reader.Separator)}'; set Separator if it is another.");
        for (int i = 0; i < Columns.Count; i++) Columns[i].Add(reader.GetString(i));
        Lines.Add(line);
    }

    private static string Shown(char separator) => separator == '\t' ? "\\t" : separator.ToString();
}
