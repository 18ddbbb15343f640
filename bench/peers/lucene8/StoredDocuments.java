import java.io.IOException;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.search.IndexSearcher;

/** Reads stored fields with Lucene 8. */
final class StoredDocuments {
    private final IndexSearcher searcher;

    StoredDocuments(IndexSearcher searcher) {
        this.searcher = searcher;
    }

    Document document(int number, Set<String> fields) throws IOException {
        return searcher.doc(number, fields);
    }
}
