using System.Globalization;
using System.Text;
using DeepNet.Data.Download;
using DeepNet.Data.Files;

namespace DeepNet.Data.Published;

/// <summary>Small tables as they are published: numbers between commas, without a header.</summary>
internal static class Tables
{
    private const string Uci = "https://archive.ics.uci.edu/ml/machine-learning-databases/";

    public static RemoteFile Iris { get; } = new(
        "iris.data", "6f608b71a7317216319b4d27b4d9bc84e6abd734eda7872b71a458569e2656c0", 4551, [Uci + "iris/iris.data"]);

    public static RemoteFile Wine { get; } = new(
        "wine.data", "6be6b1203f3d51df0b553a70e57b8a723cd405683958204f96d23d7cd6aea659", 10782, [Uci + "wine/wine.data"]);

    public static RemoteFile CaliforniaHousing { get; } = new(
        "cal_housing.tgz", "aaa5c9a6afe2225cc2aed2723682ae403280c4a3695a2ddda4ffb5d8215ea681", 441963,
        ["https://ndownloader.figshare.com/files/5976036", "https://www.dcc.fc.up.pt/~ltorgo/Regression/cal_housing.tgz"]);

    public static TensorDataset ReadIris(string path, DataLimits limits)
    {
        string[] classes = ["setosa", "versicolor", "virginica"];
        return Classified(
            Rows(path, limits, 5, (field, text) => field < 4 ? null : Array.FindIndex(classes, name => text == "Iris-" + name)),
            row => row[4], row => row[..4], ["sepal length", "sepal width", "petal length", "petal width"], classes);
    }

    public static TensorDataset ReadWine(string path, DataLimits limits)
        => Classified(
            Rows(path, limits, 14, (field, text) => field > 0 ? null : Array.IndexOf(["1", "2", "3"], text)),
            row => row[0], row => row[1..],
            ["alcohol", "malic acid", "ash", "alcalinity of ash", "magnesium", "phenols", "flavanoids", "nonflavanoid phenols",
                "proanthocyanins", "colour intensity", "hue", "OD280/OD315", "proline"],
            ["1", "2", "3"]);

    /// <summary>The table as scikit-learn gives it: rooms, bedrooms and people for each household, and values in 100,000 dollars.</summary>
    public static TensorDataset ReadCaliforniaHousing(string path, DataLimits limits)
    {
        var rows = Rows(path, Lines(path, "cal_housing.data", limits), 9, (_, _) => null);
        // In the file: longitude, latitude, age, rooms, bedrooms, population, households, income, value.
        var x = rows.SelectMany(r => new[] { r[7], r[2], r[3] / r[6], r[4] / r[6], r[5], r[5] / r[6], r[1], r[0] }).Select(v => (float)v);
        var y = rows.Select(r => (float)(r[8] / 100_000));
        return new(Tensor.From<float>([.. x], new Shape(rows.Count, 8)), Tensor.From<float>([.. y], new Shape(rows.Count, 1)))
        {
            FeatureNames = ["income", "age", "rooms", "bedrooms", "population", "occupancy", "latitude", "longitude"],
        };
    }

    private static TensorDataset Classified(
        List<double[]> rows, Func<double[], double> label, Func<double[], double[]> features, string[] names, string[] classes)
        => new(
            Tensor.From<float>(rows.SelectMany(features).Select(v => (float)v).ToArray(), new Shape(rows.Count, names.Length)),
            Tensor.From<long>(rows.Select(row => (long)label(row)).ToArray()))
        {
            FeatureNames = names, Classes = classes,
        };

    private static List<double[]> Rows(string path, DataLimits limits, int columns, Func<int, string, int?> classOf)
        => Rows(path, TextFile.Lines(path, limits), columns, classOf);

    private static List<double[]> Rows(
        string path, IEnumerable<(int Number, string Text)> lines, int columns, Func<int, string, int?> classOf)
    {
        var rows = new List<double[]>();
        foreach (var (number, text) in lines)
        {
            if (text.Length == 0) continue;
            string[] fields = text.Split(',');
            if (fields.Length != columns)
                throw DataFormatException.AtLine(path, number, $"the line has {fields.Length} fields, not {columns}.");
            var row = new double[columns];
            for (int i = 0; i < columns; i++)
            {
                double value = double.NaN;
                if (classOf(i, fields[i]) is { } known) value = known < 0 ? double.NaN : known;
                else if (!double.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out value)) value = double.NaN;
                row[i] = double.IsFinite(value) ? value
                    : throw DataFormatException.AtCell(path, number, i + 1, $"'{fields[i]}' is neither a number nor a class.");
            }
            rows.Add(row);
        }
        return rows;
    }

    private static IEnumerable<(int Number, string Text)> Lines(string archive, string name, DataLimits limits)
    {
        using var reader = DataFile.At(archive).Read(limits);
        var tar = new TarArchive(reader);
        while (tar.Next())
            if (tar.IsFile && tar.Name == name)
                return Encoding.UTF8.GetString(tar.ReadContents(limits.MaxUnpackedBytes)).Split('\n')
                    .Select((line, i) => (i + 1, line.TrimEnd('\r')));
        throw DataFormatException.AtByte(archive, reader.Offset, $"the archive has no {name}.");
    }
}
