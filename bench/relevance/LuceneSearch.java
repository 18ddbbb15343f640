import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.StringJoiner;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.MultiDocValues;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.FSDirectory;

/**
 * Lucene as a rival of bench.relevance: ArabicAnalyzer, default BM25, title and body in one field, OR queries.
 *
 * <p>{@code LuceneSearch ARTICLES FOLDER} indexes the articles (a file of bench/peers/articles.py) into an empty folder
 * (with numbers for ids) and prints a line. Then it answers each line {@code LIMIT TAB QUERY} of standard input with the ids, tab-separated.
 */
public final class LuceneSearch {
    private static final String TEXT = "text";
    private static final String ID = "id";

    public static void main(String[] arguments) throws Exception {
        PrintStream output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Analyzer analyzer = new ArabicAnalyzer();
        try (FSDirectory directory = FSDirectory.open(Paths.get(arguments[1]))) {
            build(Paths.get(arguments[0]), directory, analyzer);
            output.println("ready");
            serve(directory, new QueryParser(TEXT, analyzer), output);
        }
    }

    /** Builds an index of one segment, so that term statistics are exact. */
    private static void build(Path source, FSDirectory directory, Analyzer analyzer) throws IOException {
        try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(analyzer));
                DataInputStream input = new DataInputStream(new BufferedInputStream(Files.newInputStream(source)))) {
            for (byte[][] parts = next(input); parts != null; parts = next(input)) {
                Document document = new Document();
                document.add(new NumericDocValuesField(ID, Long.parseLong(text(parts[0]))));
                document.add(new TextField(TEXT, text(parts[1]) + "\n" + text(parts[2]), Field.Store.NO));
                writer.addDocument(document);
            }
            writer.forceMerge(1);
        }
    }

    /** Returns id, title and body of the next article in UTF-8, or null at the end. */
    private static byte[][] next(DataInputStream input) throws IOException {
        byte[][] parts = new byte[3][];
        try {
            parts[0] = new byte[input.readInt()];
        } catch (EOFException end) {
            return null;
        }
        parts[1] = new byte[input.readInt()];
        parts[2] = new byte[input.readInt()];
        for (byte[] part : parts) {
            input.readFully(part);
        }
        return parts;
    }

    /** Returns the id of each document. Doc values have the same interface in Lucene 8 and 10, unlike stored fields. */
    private static long[] numbers(DirectoryReader reader) throws IOException {
        long[] numbers = new long[reader.maxDoc()];
        NumericDocValues values = MultiDocValues.getNumericValues(reader, ID);
        while (values != null && values.nextDoc() != NumericDocValues.NO_MORE_DOCS) {
            numbers[values.docID()] = values.longValue();
        }
        return numbers;
    }

    private static String text(byte[] part) {
        return new String(part, StandardCharsets.UTF_8);
    }

    private static void serve(FSDirectory directory, QueryParser parser, PrintStream output) throws Exception {
        try (DirectoryReader reader = DirectoryReader.open(directory);
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            IndexSearcher searcher = new IndexSearcher(reader);
            long[] numbers = numbers(reader);
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                int tab = line.indexOf('\t');
                Query query = parser.parse(QueryParser.escape(line.substring(tab + 1)));
                StringJoiner ids = new StringJoiner("\t");
                for (ScoreDoc hit : searcher.search(query, Integer.parseInt(line.substring(0, tab))).scoreDocs) {
                    ids.add(Long.toString(numbers[hit.doc]));
                }
                output.println(ids);
            }
        }
    }
}
