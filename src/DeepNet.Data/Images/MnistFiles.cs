using DeepNet.Data.Download;
using DeepNet.Data.Files;

namespace DeepNet.Data.Images;

/// <summary>Represents the files of each kind: their names, mirrors and classes.</summary>
internal sealed record MnistFiles(string Prefix, string[] Classes, RemoteFile[] Published, int FirstLabel = 0, bool IsEmnist = false)
{
    private const string EmnistArchive = "gzip.zip";

    private static readonly string[] Digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    private static readonly RemoteFile[] Emnist =
    [
        new(EmnistArchive, "fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e", 561753746,
            ["https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip", "https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/gzip.zip"]),
    ];

    public static MnistFiles Of(MnistKind kind) => kind switch
    {
        MnistKind.Digits => new("", Digits, Four(
            ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"],
            ("440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609", 9912422),
            ("3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c", 28881),
            ("8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6", 1648877),
            ("f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6", 4542))),
        MnistKind.Fashion
            => new("", ["T-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"], Four(
            ["https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
                "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"],
            ("3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84", 26421880),
            ("a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845", 29515),
            ("346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073", 4422102),
            ("67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5", 5148))),
        MnistKind.Kuzushiji => new("", ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"], Four(
            ["http://codh.rois.ac.jp/kmnist/dataset/kmnist/"],
            ("51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4", 18165135),
            ("e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17", 29497),
            ("edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5", 3041136),
            ("20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c", 5120))),
        MnistKind.EmnistLetters => new("emnist-letters-", [.. Letters('a', 'z')], Emnist, FirstLabel: 1, IsEmnist: true),
        MnistKind.EmnistDigits => new("emnist-digits-", Digits, Emnist, IsEmnist: true),
        // Lower-case letters that look like their capitals are one class with them.
        MnistKind.EmnistBalanced
            => new(
                "emnist-balanced-", [.. Digits, .. Letters('A', 'Z'), "a", "b", "d", "e", "f", "g", "h", "n", "q", "r", "t"], Emnist,
                IsEmnist: true),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The images and labels of a part, if the folder has both.</summary>
    public (DataFile Images, DataFile Labels)? Find(string folder, bool train, DataLimits? limits = null)
    {
        string part = Prefix + (IsEmnist ? train ? "train" : "test" : train ? "train" : "t10k");
        foreach (string place in new[] { folder, Path.Combine(folder, "gzip"), Path.Combine(folder, "raw") })
            if (DataFile.Find(place, $"{part}-images-idx3-ubyte", $"{part}-images.idx3-ubyte") is { } images
                && DataFile.Find(place, $"{part}-labels-idx1-ubyte", $"{part}-labels.idx1-ubyte") is { } labels)
                return (images, labels);
        string archive = Path.Combine(folder, EmnistArchive);
        return IsEmnist && File.Exists(archive)
            ? (DataFile.InZip(archive, $"gzip/{part}-images-idx3-ubyte.gz", limits),
                DataFile.InZip(archive, $"gzip/{part}-labels-idx1-ubyte.gz", limits))
            : null;
    }

    private static IEnumerable<string> Letters(char from, char to)
        => Enumerable.Range(from, to - from + 1).Select(c => ((char)c).ToString());

    private static RemoteFile[] Four(string[] mirrors, params (string Sha256, long Length)[] files)
    {
        string[] names = ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
            "t10k-labels-idx1-ubyte.gz"];
        return [.. names.Zip(
            files, (name, file) => new RemoteFile(name, file.Sha256, file.Length, [.. mirrors.Select(mirror => mirror + name)]))];
    }
}
